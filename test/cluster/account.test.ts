// An account that may do in one namespace what `kubernetes/base` grants, and nothing else.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { Observation } from '../../src/orchestrators/orchestrator.ts'
import { port, service, system } from '../compile/specs.ts'
import { type Api, readAccess } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { waitFor } from '../kit/wait.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const signal = new AbortController().signal

/** Makes the account and answers its token. */
async function createAccount(api: Api, namespace: string): Promise<string> {
  const role = load(readFileSync(new URL('../../kubernetes/base/role.yaml', import.meta.url), 'utf8'))
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`
  await api.send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name: 'worker' } })
  await api.send('POST', `${rbac}/roles`, { ...Object(role), metadata: { name: 'worker' } })
  await api.send('POST', `${rbac}/rolebindings`, {
    metadata: { name: 'worker' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'worker' },
    subjects: [{ kind: 'ServiceAccount', name: 'worker', namespace }],
  })
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/worker/token`
  const { status } = await api.send<{ status: { token: string } }>('POST', path, { spec: {} })
  return status.token
}

function kubeconfigOf(token: string, namespace: string): object {
  const { server, tls } = readAccess(testCluster().kubeconfig)
  const authority = tls.ca?.toString('base64')
  return {
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'u', user: { token } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u', namespace } }],
    'current-context': 'x',
  }
}

it('starts, observes and removes a system with rights in one namespace only', async () => {
  await using namespace = await createNamespace('account')
  await using api = openApi()
  const directory = mkdtempSync(join(tmpdir(), 'tycho-account-'))
  const path = join(directory, 'kubeconfig')
  writeFileSync(path, JSON.stringify(kubeconfigOf(await createAccount(api, namespace.name), namespace.name)))
  const orchestrator = createKubernetesOrchestrator({ kubeconfig: { paths: [path] }, log })
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
  rmSync(directory, { recursive: true })
})
