// Updates that take structures away, before a real API server: one write that changes the spec, one rollout.
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import type { ServiceState } from '../../src/system/readiness.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { healthcheck, limits, port, service } from '../compile/specs.ts'
import { openApi } from '../kit/cluster/cluster.ts'
import { type Engine, openEngine } from '../kit/engine.ts'

const sleeper = (given: Partial<ServiceSpec> = {}) =>
  service({ image: 'demo/shell', command: ['sleep', '600'], ...given })

/** What the services had before each update, and what the container has afterwards. */
const full = {
  healthcheck: healthcheck(),
  resources: limits({ memoryBytes: 64 * 1024 * 1024 }, { cpus: 0.01 }),
  environment: { A: '1', B: '2' },
  ports: [port(8888), port(5353, { protocol: 'udp' }), port(5353)],
}
const containerKeys = {
  healthcheck: 'readinessProbe',
  resources: 'resources',
  environment: 'env',
  ports: 'ports',
}
type Part = keyof typeof full

function without(...parts: Part[]): ServiceSpec {
  const kept = Object.entries(full).filter(([part]) => !parts.includes(part as Part))
  return sleeper(Object.fromEntries(kept))
}

async function readDeployment({ identity }: Engine): Promise<KubeObject> {
  await using api = openApi()
  return await api.send('GET', `/apis/apps/v1/namespaces/${identity.namespace}/deployments/demo`)
}

const containerOf = ({ spec }: KubeObject): Record<string, unknown> =>
  Object(spec).template.spec.containers[0]
const isEmpty = (value: unknown) => value === undefined || Object.keys(Object(value)).length === 0

async function expectGone(engine: Engine, ...parts: Part[]): Promise<KubeObject> {
  const live = await readDeployment(engine)
  const container = containerOf(live)
  for (const part of Object.keys(full) as Part[]) {
    expect([part, isEmpty(container[containerKeys[part]])]).toEqual([part, parts.includes(part)])
  }
  return live
}

describe('an update', () => {
  it.each<[string, Part[]]>([
    ['the healthcheck', ['healthcheck']],
    ['the resources', ['resources']],
    ['the environment', ['environment']],
    ['the ports', ['ports']],
    ['all of them', ['healthcheck', 'resources', 'environment', 'ports']],
  ])('takes away %s in one rollout', async (_what, parts) => {
    await using engine = await openEngine()
    await engine.apply({ demo: sleeper(full) })
    const { changes } = await engine.apply({ demo: without(...parts) }, { mode: 'update', job: 'job2' })
    expect(changes[0]).toEqual({ subject: 'Deployment/demo', action: 'configured' })
    const live = await expectGone(engine, ...parts)
    expect(live.metadata.generation).toBe(2)
    const again = await engine.apply({ demo: without(...parts) }, { mode: 'update', job: 'job3' })
    expect(again.changes[0]?.action).toBe('unchanged')
  })

  it('takes away one after the other what an earlier update has brought', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: sleeper() })
    await engine.apply({ demo: sleeper(full) }, { mode: 'update', job: 'job2' })
    await engine.apply({ demo: without('healthcheck') }, { mode: 'update', job: 'job3' })
    await engine.apply({ demo: without('healthcheck', 'environment') }, { mode: 'update', job: 'job4' })
    await expectGone(engine, 'healthcheck', 'environment')
    await engine.apply({ demo: sleeper(full) }, { mode: 'update', job: 'job5' })
    await expectGone(engine)
    await engine.apply({ demo: sleeper() }, { mode: 'update', job: 'job6' })
    const live = await expectGone(engine, 'healthcheck', 'resources', 'environment', 'ports')
    expect(live.metadata.generation).toBe(6)
  })

  it('says which version it has applied, and what is seen of it has that one', async () => {
    await using engine = await openEngine()
    const once = (text: string) =>
      service({ image: 'demo/shell', command: ['echo', text], restart: { condition: 'no' } })
    const first = await engine.apply({ demo: sleeper(), job: once('a') })
    const update = { mode: 'update' as const, job: 'job2' }
    const second = await engine.apply({ demo: without('healthcheck'), job: once('b') }, update)
    expect(first.versions.demo).toMatchObject({ number: 1 })
    expect(second.versions.demo).toEqual({ of: first.versions.demo?.of, number: 2 })
    expect(second.versions.job?.of).not.toBe(first.versions.job?.of)
    const isSeen = (name: string) => (state: ServiceState) =>
      isDeepStrictEqual(state.version, second.versions[name])
    await engine.until('demo', isSeen('demo'))
    await engine.until('job', isSeen('job'))
  })

  it('leaves what others have added where it takes its own away', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: sleeper(full) })
    await using api = openApi()
    const path = `/apis/apps/v1/namespaces/${engine.identity.namespace}/deployments/demo`
    const live = await readDeployment(engine)
    const container = containerOf(live)
    const resources = { ...Object(container.resources), requests: { memory: '1Mi' } }
    await api.send(
      'PUT',
      `${path}?fieldManager=somebody`,
      withContainer(live, { ...container, tty: true, resources }),
    )
    await engine.apply({ demo: sleeper() }, { mode: 'update', job: 'job2' })
    const after = containerOf(await readDeployment(engine))
    expect(after).toMatchObject({ tty: true, resources: { requests: { memory: '1Mi' } } })
    expect([after.readinessProbe, after.env, after.ports]).toEqual([undefined, undefined, undefined])
  })

  it('that is wrong itself is refused for what is wrong, and changes nothing', async () => {
    await using engine = await openEngine()
    await engine.apply({ demo: sleeper(full) })
    const wrong = engine.apply({ demo: sleeper({ replicas: -1 }) }, { mode: 'update', job: 'job2' })
    await expect(wrong).rejects.toMatchObject({
      code: 'OBJECT_INVALID',
      message: expect.stringMatching(/^(?!.*handler).*replicas/),
    })
    expect((await readDeployment(engine)).metadata.generation).toBe(1)
  })
})

/** Without a version: whatever the controllers have written meanwhile, it is no conflict. */
function withContainer(live: KubeObject, container: object): object {
  const spec = Object(live.spec)
  const template = { ...spec.template, spec: { ...spec.template.spec, containers: [container] } }
  const { resourceVersion: _version, ...metadata } = live.metadata
  return { ...live, metadata, spec: { ...spec, template } }
}
