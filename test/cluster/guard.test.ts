// The NetworkPolicy that a namespace has for all systems in it, before a real API server.
import { expect, it } from 'vitest'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import { createNamespace, isGone, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { waitFor } from '../kit/wait.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

/** Guards a namespace until it is disposed of. */
function startGuard(namespace: string, metadataAddresses?: readonly string[]) {
  const requests: string[] = []
  const orchestrator = createKubernetesOrchestrator({
    kubeconfig: { paths: [testCluster().kubeconfig] },
    namespaces: [namespace],
    ...(metadataAddresses && { metadataAddresses }),
    onRequest: ({ method, path }) => requests.push(`${method} ${path}`),
    log,
  })
  const stop = new AbortController()
  const guarding = orchestrator.guard(stop.signal)
  return {
    requests,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await guarding
      await orchestrator.close()
    },
  }
}

it('is there, and comes back as it was when somebody changes or deletes it', async () => {
  await using namespace = await createNamespace('guard')
  await using api = openApi()
  await using guard = startGuard(namespace.name)
  const policies = `/apis/networking.k8s.io/v1/namespaces/${namespace.name}/networkpolicies`
  const path = `${policies}/tycho--egress`
  const read = () => api.send<KubeObject>('GET', path)
  const first = await waitFor('the policy', read)
  expect(JSON.stringify(first.spec)).toContain('169.254.169.254/32')

  await api.send('PUT', path, { ...first, spec: { podSelector: {}, policyTypes: ['Egress'] } })
  await waitFor('the repair', async () => {
    expect((await read()).spec).toEqual(first.spec)
    return true
  })
  await api.send('DELETE', path)
  const third = await waitFor('another one', read)
  expect(third.spec).toEqual(first.spec)
  expect(third.metadata.uid).not.toBe(first.metadata.uid)
  const writes = guard.requests.filter((one) => !one.startsWith('GET'))
  expect(writes).toEqual(Array(3).fill(`PATCH ${path}`))
})

it('is taken away where the operator closes nothing', async () => {
  await using namespace = await createNamespace('guard')
  await using api = openApi()
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace.name}/networkpolicies/tycho--egress`
  {
    await using _guard = startGuard(namespace.name)
    await waitFor('the policy', () => api.send('GET', path))
  }
  await using _none = startGuard(namespace.name, [])
  await waitFor('its end', () => isGone(api, path))
})
