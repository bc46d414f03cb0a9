// A cluster whose range of node ports is full, which a real one is not made to be on demand.
import { expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import { identity, port, service, system } from '../compile/specs.ts'
import { json, startApiServer } from '../kit/api-server.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

it('a full range of node ports ends the start at once, at the ports of the file', async () => {
  const message = 'Internal error occurred: failed to allocate a nodePort: range is full'
  await using server = await startApiServer((call, response) => {
    if (call.method === 'POST' && call.path.endsWith('/services'))
      return json(response, 500, { kind: 'Status', reason: 'InternalError', message })
    if (call.path === '/version') return json(response, 200, { major: '1', minor: '34' })
    const metadata = { name: 'shop-web', uid: '1', resourceVersion: '1' }
    return json(response, call.method === 'POST' ? 201 : 404, { metadata })
  })
  const orchestrator = createKubernetesOrchestrator({
    kubeconfig: { paths: [server.kubeconfig] },
    facts: { publicHost: '127.0.0.1', dns: { address: '10.0.0.10' } },
    log: silent,
  })
  const spec = system({ web: service({ ports: [port(80)] }) })
  const { stages } = orchestrator.compile({ identity, spec, exposure: 'nodePort' })
  const [stage] = stages
  if (!stage) throw new Error('nothing was compiled')
  const fence = { job: 'job1', sid: identity.sid, attempt: 1, check: async () => {} }
  const signal = new AbortController().signal
  await expect(
    orchestrator.apply({ identity, stage, mode: 'create', fence, memo: {} }, signal),
  ).rejects.toMatchObject({
    code: 'NODE_PORTS_EXHAUSTED',
    remedy: 'giveUp',
    problems: [{ path: 'services.web.ports' }],
  })
  expect(server.calls.filter(({ path }) => path.endsWith('/services'))).toHaveLength(1)
  await orchestrator.close()
})
