// Exposure, policies and pod security before a real API server and a real kubelet.
import { expect, it } from 'vitest'
import type { CompileInput } from '../../src/orchestrators/orchestrator.ts'
import type { Endpoint } from '../../src/system/endpoint.ts'
import { port, service, system } from '../compile/specs.ts'
import { type Engine, openEngine } from '../kit/engine.ts'
import { waitForOk } from '../kit/http.ts'
import { waitFor } from '../kit/wait.ts'

const signal = new AbortController().signal

/** Compiles and applies the first stage. */
async function start(
  { orchestrator, identity, fence }: Engine,
  given: Partial<CompileInput> & Pick<CompileInput, 'spec'>,
): Promise<{ endpoints: Endpoint[]; subjects: string[] }> {
  const facts = await orchestrator.facts(signal)
  const { stages, problems } = orchestrator.compile({ identity, exposure: 'nodePort', ...given }, facts)
  const [stage] = stages
  if (!stage) throw new Error(JSON.stringify(problems))
  const input = { identity, stage, mode: 'create' as const, memo: {}, fence: fence('job1') }
  const { changes, endpoints } = await orchestrator.apply(input, signal)
  return { endpoints, subjects: changes.map(({ subject, action }) => `${action} ${subject}`) }
}

const fixed = (nodePort: number) =>
  system({ demo: service({ ports: [port(8888, { extensions: { 'x-k8s': { nodePort } } })] }) })

it('an Ingress and the policy of its clients are accepted, and go with the system', async () => {
  await using engine = await openEngine()
  const { endpoints, subjects } = await start(engine, {
    spec: system({ demo: service({ ports: [port(8888)] }) }),
    settings: { demo: { exposure: 'ingress', clients: ['10.0.0.0/8', '192.0.2.7'] } },
    ingress: { host: '{service}.{namespace}.example.org', className: 'nginx' },
  })
  expect(subjects).toEqual(
    expect.arrayContaining(['created Ingress/demo', 'created NetworkPolicy/demo', 'created Deployment/demo']),
  )
  expect(endpoints).toMatchObject([
    { service: 'demo', port: 80, url: `http://demo.${engine.identity.namespace}.example.org` },
  ])
  await waitFor('the end of all objects', async () => {
    const { remaining } = await engine.orchestrator.remove(engine.identity, signal)
    return remaining.length === 0
  })
})

it('a fixed node port answers, and is refused to another at once', async () => {
  await using engine = await openEngine()
  await using other = await openEngine()
  const number = 30_000 + (process.pid % 2_000)
  const { endpoints } = await start(engine, { spec: fixed(number) })
  expect(endpoints).toMatchObject([{ port: number }])
  expect(await waitForOk(endpoints[0]?.url ?? '')).toContain('Hello Tycho')
  await expect(start(other, { spec: fixed(number) })).rejects.toMatchObject({ code: 'NODE_PORT_TAKEN' })
  await expect(start(other, { spec: fixed(80) })).rejects.toMatchObject({ code: 'NODE_PORT_OUT_OF_RANGE' })
})

it('a pod of the level restricted runs', async () => {
  await using engine = await openEngine()
  const demo = service({
    image: 'demo/shell',
    command: ['sleep', '600'],
    user: { user: '1000', group: '1000' },
  })
  await start(engine, { spec: system({ demo }) })
  expect(await engine.until('demo', ({ readiness }) => readiness === 'ready')).toMatchObject({
    readiness: 'ready',
  })
})
