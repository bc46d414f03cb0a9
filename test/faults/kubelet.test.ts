// The stand-in kubelet itself, on the control plane of the run.
import { expect, inject, it } from 'vitest'
import { createNamespace, isGone, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { killApiServer } from '../kit/control-plane/control-plane.ts'
import { startKubelet } from '../kit/kubelet/kubelet.ts'
import { waitFor } from '../kit/wait.ts'

const labels = { app: 'one' }
const deployment = {
  metadata: { name: 'one' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'one', image: 'one' }] } },
  },
}

type Deployment = { status: { readyReplicas?: number; replicas?: number } }

it('lets a Deployment become ready when it is told to, and lets its pods go', async () => {
  await using kubelet = await startKubelet(testCluster().kubeconfig, { plan: () => ({ is: 'held' }) })
  await using namespace = await createNamespace('kubelet')
  await using api = openApi()
  const path = `/apis/apps/v1/namespaces/${namespace.name}/deployments`
  await api.send('POST', path, deployment)
  const read = () => api.send<Deployment>('GET', `${path}/one`)
  await waitFor(
    'two bound pods',
    () => [...kubelet.pods.values()].filter((pod) => pod.spec.nodeName).length === 2,
  )
  expect((await read()).status.readyReplicas).toBeUndefined()

  kubelet.follow(() => ({ is: 'ready' }))
  await waitFor('two ready pods', async () => (await read()).status.readyReplicas === 2)

  await api.send('DELETE', `${path}/one?propagationPolicy=Foreground`)
  await waitFor(
    'the end of it all',
    async () => (await isGone(api, `${path}/one`)) && kubelet.pods.size === 0,
  )
})

it('goes on where it was when the API server comes back', async () => {
  await using _kubelet = await startKubelet(testCluster().kubeconfig)
  await using namespace = await createNamespace('kubelet')
  await using api = openApi()
  const path = `/apis/apps/v1/namespaces/${namespace.name}/deployments`
  await using outage = await killApiServer(inject('controlPlane'))
  await expect(api.send('POST', path, deployment)).rejects.toThrow('ECONNRE')

  await outage.end()
  await api.send('POST', path, deployment)
  const read = () => api.send<Deployment>('GET', `${path}/one`)
  await waitFor('two ready pods', async () => (await read()).status.readyReplicas === 2)
})
