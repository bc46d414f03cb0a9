// What is made of a cluster's answers about its room, those too that a small real cluster does not give.
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { countNodePorts } from '../../src/orchestrators/kubernetes/cluster/capacity/node-ports.ts'
import { boundsOfQuotas } from '../../src/orchestrators/kubernetes/cluster/capacity/quotas.ts'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import { toFullImage } from '../../src/system/images.ts'
import { type Answer, json, startApiServer } from '../kit/api-server.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const signal = new AbortController().signal

it('node ports are counted in the table of Services', () => {
  const columnDefinitions = ['Name', 'Type', 'Port(s)'].map((name) => ({ name }))
  const rows = ['80:31234/TCP,443:30443/TCP', '80/TCP,53/UDP', '<none>', '5000:32000/UDP'].map((ports) => ({
    cells: ['web', 'NodePort', ports],
  }))
  expect(countNodePorts({ columnDefinitions, rows })).toBe(3)
  expect(countNodePorts({ columnDefinitions, rows: null })).toBe(0)
  expect(() => countNodePorts({ columnDefinitions: [], rows })).toThrow('no column')
})

it('quotas bound what systems need; those for some pods alone do not', () => {
  const quota = (name: string, spec: object, hard: Record<string, string>, used: Record<string, string>) => ({
    metadata: { name, uid: name, resourceVersion: '1' },
    spec: { ...spec },
    status: { hard, used },
  })
  const hard = {
    'limits.memory': '4Gi',
    services: '5',
    'count/jobs.batch': '3',
    'requests.nvidia.com/gpu': '4',
  }
  const found = boundsOfQuotas([
    quota('all', {}, hard, { 'limits.memory': '512Mi', services: '2', 'count/jobs.batch': '0' }),
    quota('some', { scopes: ['BestEffort'] }, { pods: '1' }, { pods: '1' }),
    quota('others', { scopeSelector: {} }, { pods: '1' }, { pods: '1' }),
  ])
  expect(found).toEqual([
    { of: 'memoryLimits', limit: 4 * 1024 ** 3, used: 512 * 1024 ** 2, quota: 'all' },
    { of: 'Service', limit: 5, used: 2, quota: 'all' },
    { of: 'Job', limit: 3, used: 0, quota: 'all' },
  ])
})

it.each([
  ['nginx', 'docker.io/library/nginx:latest'],
  ['demo/hello', 'docker.io/demo/hello:latest'],
  ['registry.example.org:5000/a/b:1', 'registry.example.org:5000/a/b:1'],
  ['localhost/a', 'localhost/a:latest'],
  [`demo/a@sha256:${'0'.repeat(64)}`, `docker.io/demo/a@sha256:${'0'.repeat(64)}`],
])('the image %s is %s in full', (image, full) => {
  expect(toFullImage(image)).toBe(full)
})

/** Answers each path by its row; what has none, as an object with nothing in it, or a list. */
function cluster(rows: Record<string, (query: URLSearchParams, response: ServerResponse) => void>): Answer {
  return ({ path, query }, response) => {
    const row = rows[path]
    if (row) row(query, response)
    else json(response, 200, { metadata: {}, items: [] })
  }
}

async function read(answer: Answer, nodes = false) {
  await using server = await startApiServer(answer)
  const orchestrator = createKubernetesOrchestrator({ kubeconfig: { paths: [server.kubeconfig] }, log })
  try {
    const asked = { namespaces: ['class'], nodePorts: false, nodes }
    return { capacity: await orchestrator.capacity(asked, signal), calls: [...server.calls] }
  } finally {
    await orchestrator.close()
  }
}

describe('a server', () => {
  const pods = '/api/v1/namespaces/class/pods'
  const podsOf = ({ capacity }: Awaited<ReturnType<typeof read>>) =>
    capacity.namespaces[0]?.bounds.find(({ of }) => of === 'pods')?.used

  it('that says how many remain is asked once', async () => {
    const found = await read(
      cluster({
        [pods]: (_query, response) =>
          json(response, 200, { metadata: { continue: 'more', remainingItemCount: 2_999 }, items: [{}] }),
      }),
    )
    expect(podsOf(found)).toBe(3_000)
    expect(found.calls.filter(({ path }) => path === pods)).toHaveLength(1)
  })

  it('that does not say it is asked page by page', async () => {
    const pages: Record<string, object> = {
      none: { metadata: { continue: 'a' }, items: [{}] },
      a: { metadata: { continue: 'b' }, items: Array(500).fill({}) },
      b: { metadata: {}, items: [{}, {}] },
    }
    const found = await read(
      cluster({
        [pods]: (query, response) => json(response, 200, pages[query.get('continue') ?? 'none'] ?? {}),
      }),
    )
    expect(podsOf(found)).toBe(503)
  })

  it('that is in trouble is no cluster without room: the reading fails', async () => {
    const answer = cluster({ [pods]: (_query, response) => json(response, 500, { message: 'etcd is away' }) })
    await expect(read(answer)).rejects.toMatchObject({ code: 'CLUSTER_BUSY' })
  })

  it('with nodes that take no pods has so much less', async () => {
    const node = (name: string, spec: object) => ({
      metadata: { name },
      spec,
      status: { allocatable: { cpu: '3900m', memory: '8Gi', pods: '110' }, images: [{ names: null }, {}] },
    })
    const items = [
      node('a', {}),
      node('b', { taints: [{ effect: 'PreferNoSchedule' }] }),
      node('master', { taints: [{ effect: 'NoSchedule' }] }),
      node('cordoned', { unschedulable: true }),
    ]
    const pod = { spec: { containers: [{ resources: { requests: { cpu: '250m', memory: '1Gi' } } }, {}] } }
    const { capacity } = await read(
      cluster({
        '/api/v1/nodes': (_query, response) => json(response, 200, { items }),
        '/api/v1/pods': (_query, response) => json(response, 200, { items: [pod, pod] }),
      }),
      true,
    )
    expect(capacity.nodes).toMatchObject({
      count: 2,
      cpu: { allocatable: 7.8, requested: 0.5 },
      memory: { allocatable: 16 * 1024 ** 3, requested: 2 * 1024 ** 3 },
      pods: { allocatable: 220, requested: 2 },
    })
  })

  it('with more pods than are read does not say what they ask for', async () => {
    let page = 0
    const { capacity } = await read(
      cluster({
        '/api/v1/nodes': (_query, response) => json(response, 200, { items: [] }),
        '/api/v1/pods': (_query, response) => {
          page += 1
          json(response, 200, { metadata: { continue: `${page}` }, items: Array(250).fill({ spec: {} }) })
        },
      }),
      true,
    )
    expect(capacity.nodes?.pods.requested).toBeNull()
    expect(page).toBe(80)
  })
})
