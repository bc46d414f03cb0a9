// An account that may do in one namespace what `kubernetes/base` grants, and nothing else.
import { expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { Observation } from '../../src/orchestrators/orchestrator.ts'
import { port, service, system } from '../compile/specs.ts'
import { accountOf } from '../kit/cluster/account.ts'
import { createNamespace } from '../kit/cluster/cluster.ts'
import { waitFor } from '../kit/wait.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const signal = new AbortController().signal

it('starts, observes and removes a system with rights in one namespace only', async () => {
  await using namespace = await createNamespace('account')
  using account = await accountOf(namespace.name)
  const orchestrator = createKubernetesOrchestrator({ kubeconfig: { paths: [account.path] }, log })
  const stop = new AbortController()
  const told: Observation[] = []
  const observing = (async () => {
    for await (const observation of orchestrator.observe(stop.signal)) told.push(observation)
  })()
  const remaining = () => told.flatMap((one) => (one.type === 'system' ? [one.remaining] : [])).at(-1)
  const isReady = () => JSON.stringify(told.at(-1)).includes('"ready"')

  const facts = await orchestrator.facts(signal)
  expect(facts).toMatchObject({ nodeAddresses: [], dns: null })
  const identity = { tenant: 't', namespace: namespace.name, name: 'demo', sid: 'a0'.repeat(16) }
  const spec = system({ demo: service({ ports: [port(8888)] }) })
  const [stage] = orchestrator.compile({ identity, spec, exposure: 'nodePort' }, facts).stages
  if (!stage) throw new Error('nothing to apply')
  const fence = { job: 'job1', sid: identity.sid, attempt: 1, check: async () => {} }
  for (const mode of ['create', 'update'] as const) {
    const { endpoints } = await orchestrator.apply({ identity, stage, mode, fence, memo: {} }, signal)
    expect(endpoints[0]).toMatchObject({ containerPort: 8888, url: null })
  }
  await waitFor('a ready system', isReady, { timeoutMs: 60_000 })
  await orchestrator.remove(identity, signal)
  await waitFor('its end', () => remaining()?.length === 0, { timeoutMs: 60_000 })

  const elsewhere = orchestrator.remove({ ...identity, namespace: 'kube-system' }, signal)
  await expect(elsewhere).rejects.toMatchObject({ code: 'FORBIDDEN', remedy: 'giveUp' })
  stop.abort()
  await observing
  await orchestrator.close()
})
