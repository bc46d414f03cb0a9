// The stand-in kubelet itself, on the control plane of the run.
import { expect, inject, it } from 'vitest'
import { createNamespace, isGone, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { killApiServer } from '../kit/control-plane/control-plane.ts'
import { startKubelet } from '../kit/kubelet/kubelet.ts'
import { startKubeletProcess } from '../kit/kubelet/own-process.ts'
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

type Node = { spec: { taints?: object[] }; status: { allocatable: { pods: string } } }

it('registers as many nodes as it is told to, open to a scheduler, and takes them away with it', async () => {
  await using api = openApi()
  const paths = [0, 1, 2].map((index) => `/api/v1/nodes/stand-in-several-${index}`)
  {
    await using _kubelet = await startKubelet(testCluster().kubeconfig, {
      namespace: 'several',
      nodes: 3,
      podsPerNode: 110,
    })
    const nodes = await Promise.all(paths.map((path) => api.send<Node>('GET', path)))
    expect(nodes.map(({ status }) => status.allocatable.pods)).toEqual(['110', '110', '110'])
    expect(nodes.flatMap(({ spec }) => spec.taints ?? [])).toEqual([])
  }
  expect(await Promise.all(paths.map((path) => isGone(api, path)))).toEqual([true, true, true])
})

it('leaves pods to the scheduler that it is not to bind, and serves those that are bound to its nodes', async () => {
  await using namespace = await createNamespace('kubelet')
  await using kubelet = await startKubelet(testCluster().kubeconfig, {
    namespace: namespace.name,
    binds: false,
  })
  await using api = openApi()
  const pods = `/api/v1/namespaces/${namespace.name}/pods`
  const pod = (name: string, nodeName?: string) =>
    api.send('POST', pods, { metadata: { name }, spec: { nodeName, containers: [{ name, image: name }] } })
  await pod('unbound')
  await pod('elsewhere', 'another-node')
  await pod('ours', `stand-in-${namespace.name}`)
  await waitFor('the pod to be ready', () => kubelet.served.reported === 1)
  expect(kubelet.served).toEqual({ bound: 0, reported: 1, deleted: 0 })
  expect([...kubelet.pods.values()].map(({ metadata }) => metadata.name)).toEqual(['ours'])
})

it('lets a share of the pods fail, as a process of its own that counts what it does', async () => {
  await using namespace = await createNamespace('kubelet')
  await using kubelet = await startKubeletProcess({
    kubeconfig: testCluster().kubeconfig,
    namespace: namespace.name,
    http2: true,
    behaviour: {
      readyMs: 0,
      deletionMs: 0,
      failures: { share: 1, state: { is: 'waiting', reason: 'ImagePullBackOff', message: 'none' } },
    },
  })
  await using api = openApi()
  await api.send('POST', `/apis/apps/v1/namespaces/${namespace.name}/deployments`, deployment)
  await waitFor('both pods to be told of', async () => (await kubelet.counts()).reported === 2)
  const { items } = await api.send<{ items: { status: { containerStatuses: object[] } }[] }>(
    'GET',
    `/api/v1/namespaces/${namespace.name}/pods`,
  )
  expect(items.flatMap(({ status }) => status.containerStatuses)).toMatchObject([
    { state: { waiting: { reason: 'ImagePullBackOff' } } },
    { state: { waiting: { reason: 'ImagePullBackOff' } } },
  ])
  expect(await kubelet.counts()).toMatchObject({ bound: 2, reported: 2, deleted: 0 })
})
