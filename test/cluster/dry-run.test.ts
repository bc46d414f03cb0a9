// The API server's own verdict on what the compiler makes: `dryRun` of the port.
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { Stage } from '../../src/orchestrators/orchestrator.ts'
import { emptySystem } from '../../src/system/empty.ts'
import type { Exposure } from '../../src/system/endpoint.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { listSamples, readSample } from '../compile/golden.ts'
import { compileKeys } from '../compile/key-collection.ts'
import { everything, port, service } from '../compile/specs.ts'
import { openApi } from '../kit/cluster/cluster.ts'
import { type Engine, openEngine } from '../kit/engine.ts'

const signal = AbortSignal.timeout(110_000)

async function stagesOf(engine: Engine, spec: SystemSpec, exposure: Exposure = 'nodePort'): Promise<Stage[]> {
  const facts = await engine.orchestrator.facts(signal)
  const { stages, problems } = compile({ identity: engine.identity, spec, exposure }, facts)
  if (stages.length === 0) throw new Error(problems.map(({ message }) => message).join(' '))
  return stages
}

const verdict = (engine: Engine, stages: Stage[]) =>
  engine.orchestrator.dryRun(engine.identity, stages, signal)

const withServices = (services: SystemSpec['services']): SystemSpec => ({ ...emptySystem(), services })

describe('the API server', () => {
  test.each<Exposure>(['nodePort', 'loadBalancer', 'clusterIP'])(
    'accepts all of the model at once, with exposure %s',
    async (exposure) => {
      await using engine = await openEngine()
      expect(await verdict(engine, await stagesOf(engine, everything, exposure))).toEqual([])
    },
  )

  test('accepts every sample', async () => {
    await using engine = await openEngine()
    for (const name of await listSamples()) {
      const problems = await verdict(engine, await stagesOf(engine, await readSample(name)))
      expect([name, problems]).toEqual([name, []])
    }
  })

  test('accepts what a file with each key of the specification compiles to', async () => {
    await using engine = await openEngine()
    const collection = compileKeys(engine.identity, await engine.orchestrator.facts(signal))
    expect(collection.length).toBeGreaterThan(50)
    for (const { key, stages } of collection) {
      // What a file calls external is not there: that is said of the namespace, not of what was compiled.
      const problems = (await verdict(engine, stages)).filter(({ code }) => code !== 'EXTERNAL_NOT_FOUND')
      expect([key, problems]).toEqual([key, []])
    }
  })
})

describe('a dry run', () => {
  test('writes nothing', async () => {
    await using engine = await openEngine()
    await verdict(engine, await stagesOf(engine, everything))
    await using api = openApi()
    for (const path of ['/apis/apps/v1', '/apis/batch/v1', '/api/v1']) {
      const kind = { '/apis/apps/v1': 'deployments', '/apis/batch/v1': 'jobs' }[path] ?? 'services'
      const url = `${path}/namespaces/${engine.identity.namespace}/${kind}`
      expect((await api.send<{ items: unknown[] }>('GET', url)).items).toEqual([])
    }
  })

  test('says what is refused at its Compose path, unknown fields too', async () => {
    await using engine = await openEngine()
    const stages = await stagesOf(engine, withServices({ web: service({ ports: [port(80)] }) }))
    const [stage] = stages
    const manifests = stage?.manifests.map((manifest) =>
      manifest.body.kind === 'Service'
        ? { ...manifest, body: { ...manifest.body, spec: { type: 'Everywhere' } } }
        : { ...manifest, body: { ...manifest.body, spec: { ...Object(manifest.body.spec), replica: 1 } } },
    )
    const problems = await verdict(engine, [{ services: ['web'], requires: [], manifests: manifests ?? [] }])
    expect(problems).toEqual([
      expect.objectContaining({
        severity: 'error',
        path: 'services.web',
        message: expect.stringMatching(/replica/),
      }),
      expect.objectContaining({
        code: 'OBJECT_INVALID',
        path: 'services.web.ports',
        message: expect.stringMatching(/Everywhere/),
      }),
    ])
  })

  test('refuses a name that something else holds, and accepts what is made anew', async () => {
    await using engine = await openEngine()
    const once = (text: string) =>
      ({
        demo: service({ image: 'demo/shell', command: ['echo', text], restart: { condition: 'no' } }),
      }) as const
    await engine.apply(once('a'))
    expect(await verdict(engine, await stagesOf(engine, withServices(once('b'))))).toEqual([])
    const stranger = { ...engine.identity, sid: 'f'.repeat(32) }
    const { stages } = compile({ identity: stranger, spec: withServices(once('b')), exposure: 'nodePort' })
    expect(await engine.orchestrator.dryRun(stranger, stages, signal)).toEqual([
      expect.objectContaining({ code: 'OBJECT_NOT_OURS', path: 'services.demo' }),
    ])
  })
})
