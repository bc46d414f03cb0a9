// What the cluster has and what of it is used, before a real API server.
import { expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { CapacityAsked } from '../../src/system/capacity.ts'
import { accountOf } from '../kit/cluster/account.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const signal = AbortSignal.timeout(110_000)

/** One reading, and the requests that it takes. */
async function read(asked: CapacityAsked, kubeconfig = testCluster().kubeconfig) {
  const requests: string[] = []
  const orchestrator = createKubernetesOrchestrator({
    kubeconfig: { paths: [kubeconfig] },
    namespaces: asked.namespaces,
    onRequest: ({ method, path, statusCode }) => requests.push(`${method} ${path} ${statusCode}`),
    log,
  })
  try {
    const [capacity] = await Promise.all([
      orchestrator.capacity(asked, signal),
      orchestrator.capacity(asked, signal),
    ])
    return { capacity, requests }
  } finally {
    await orchestrator.close()
  }
}

const service = (name: string, ports: number[]) => ({
  metadata: { name },
  spec: { type: 'NodePort', ports: ports.map((port) => ({ name: `p${port}`, port })) },
})

it('is counted in few requests, and with what quotas say', async () => {
  await using namespace = await createNamespace('capacity')
  await using api = openApi()
  const core = `/api/v1/namespaces/${namespace.name}`
  const asked = { namespaces: [namespace.name], nodePorts: true, nodes: false }
  const before = must((await read(asked)).capacity.nodePorts)
  await api.send('POST', `${core}/services`, service('one', [80]))
  await api.send('POST', `${core}/services`, service('two', [80, 81]))
  await api.send('POST', `${core}/services`, { metadata: { name: 'three' }, spec: { ports: [{ port: 80 }] } })
  const hard = {
    pods: '10',
    'requests.cpu': '2500m',
    'services.nodeports': '5',
    'count/deployments.apps': '7',
  }
  await api.send('POST', `${core}/resourcequotas`, { metadata: { name: 'students' }, spec: { hard } })
  await waitFor('the quota to be counted', async () => {
    const { status } = await api.send<{ status: { used?: object } }>('GET', `${core}/resourcequotas/students`)
    return status.used !== undefined
  })
  const { capacity, requests } = await read(asked)
  expect(capacity.nodePorts).toMatchObject({ limit: 2_768, isWhole: true })
  // Tests beside this one have their own.
  expect(must(capacity.nodePorts).used).toBeGreaterThanOrEqual(3)
  expect(before.used).toBeGreaterThanOrEqual(0)
  const [found] = capacity.namespaces
  expect(found).toMatchObject({ namespace: namespace.name, state: 'present', unread: [] })
  expect(found?.bounds).toEqual(
    expect.arrayContaining([
      { of: 'Service', limit: 5_000, used: 3, quota: null },
      { of: 'Deployment', limit: 2_000, used: 0, quota: null },
      { of: 'pods', limit: 3_000, used: 0, quota: null },
      { of: 'pods', limit: 10, used: 0, quota: 'students' },
      { of: 'cpuRequests', limit: 2.5, used: 0, quota: 'students' },
      { of: 'nodePorts', limit: 5, used: 3, quota: 'students' },
      { of: 'Deployment', limit: 7, used: 0, quota: 'students' },
    ]),
  )
  expect(must(capacity.services).used).toBeGreaterThanOrEqual(4)
  expect(capacity.nodes).toBeNull()
  // Of the namespace five, and two lists of Services: what two ask at once is read once.
  expect(requests).toHaveLength(7)
})

it('has the nodes, what their pods ask for, and their images', async () => {
  await using namespace = await createNamespace('nodes')
  await using api = openApi()
  const requests = { cpu: '10m', memory: '1Mi' }
  const containers = [{ name: 'a', image: 'demo/hello', imagePullPolicy: 'Never', resources: { requests } }]
  await api.send('POST', `/api/v1/namespaces/${namespace.name}/pods`, {
    metadata: { name: 'a' },
    spec: { containers },
  })
  const { capacity } = await read({ namespaces: [namespace.name], nodePorts: false, nodes: true })
  const nodes = must(capacity.nodes)
  expect(nodes.count).toBeGreaterThan(0)
  expect(nodes.cpu.allocatable).toBeGreaterThanOrEqual(1)
  expect(nodes.cpu.requested).toBeGreaterThanOrEqual(0.01)
  expect(nodes.memory.requested).toBeGreaterThanOrEqual(1024 ** 2)
  expect(nodes.pods.requested).toBeGreaterThanOrEqual(1)
  expect([...nodes.images.values()].some((images) => images.has('docker.io/demo/hello:latest'))).toBe(true)
  expect(capacity.nodePorts).toBeNull()
})

it('says of a namespace that there is none', async () => {
  const { capacity } = await read({ namespaces: ['nowhere-at-all'], nodePorts: false, nodes: false })
  expect(capacity.namespaces).toMatchObject([{ state: 'absent' }])
})

it('is as much as the rights allow: what may not be read is left out, and told', async () => {
  await using namespace = await createNamespace('rights')
  await using api = openApi()
  await api.send('POST', `/api/v1/namespaces/${namespace.name}/services`, service('one', [80]))
  using account = await accountOf(namespace.name)
  const namespaces = [namespace.name, 'kube-system']
  const { capacity } = await read({ namespaces, nodePorts: true, nodes: true }, account.path)
  expect(capacity).toMatchObject({
    nodes: null,
    services: null,
    nodePorts: { used: 1, isWhole: false },
    namespaces: [
      { state: 'present', unread: [] },
      { state: 'unknown', bounds: [], unread: ['Service', 'Deployment', 'pods', 'ResourceQuota'] },
    ],
  })
})
