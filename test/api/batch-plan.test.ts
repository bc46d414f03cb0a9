// POST /v1/batches/plan: what a batch would need, and nothing is written.
import { describe, expect, it } from 'vitest'
import type { BatchPlan } from '../../src/api/schemas/batch-plan.ts'
import { UnavailableError } from '../../src/problem.ts'
import type { Capacity } from '../../src/system/capacity.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { ampleCapacity, bound, namespaceWith } from '../kit/capacity.ts'
import { hello, refused, send, type TestApiOptions, testApi } from './kit.ts'

const url = '/v1/batches/plan'

describe('POST /v1/batches/plan', () => {
  it('adds up what all members need, and writes nothing', async () => {
    await using api = await testApi()
    const keys = await api.keyCount()
    const payload = { name: 'class', compose: hello, count: 300 }
    const { status, body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      name: 'class',
      members: 300,
      needs: {
        objects: { Deployment: 300, Service: 300 },
        pods: 300,
        nodePorts: 300,
        images: ['demo/hello'],
      },
    })
    expect(await api.keyCount()).toBe(keys)
  })

  it('counts each member with what its variables make of the template', async () => {
    await using api = await testApi()
    const compose = `
services: { web: { image: "demo/\${IMAGE}", deploy: { resources: { limits: { cpus: "\${CPUS}" } } } } }
`
    const items = [
      { env: { IMAGE: 'a', CPUS: '0.5' } },
      { env: { IMAGE: 'b', CPUS: '2' } },
      { env: { IMAGE: 'a', CPUS: '0.5' } },
    ]
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload: { compose, items } })
    expect(body.needs).toMatchObject({ cpu: { requests: 3, limits: 3 }, images: ['demo/a', 'demo/b'] })
  })

  it('names the image of each, also where they differ by nothing else', async () => {
    await using api = await testApi()
    const compose = `
services:
  web: { image: "demo/\${IMAGE}", environment: { NAME: "\${IMAGE}" }, ports: [80], cpus: 0.5 }
  db: { image: demo/db }
`
    const items = ['a', 'b', 'c'].map((IMAGE) => ({ env: { IMAGE } }))
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload: { compose, items } })
    expect(body.needs).toMatchObject({
      pods: 6,
      nodePorts: 3,
      cpu: { limits: 1.5 },
      images: ['demo/a', 'demo/b', 'demo/c', 'demo/db'],
    })
  })

  it('refuses what a launch refuses', async () => {
    await using api = await testApi()
    const items = [{ name: 'Bad Name' }]
    const answer = await refused(api, { method: 'POST', url, payload: { compose: hello, items } })
    expect(answer.body).toMatchObject({ status: 422, code: 'INVALID_ITEMS' })
  })

  it('leaves bad items out where that is asked for', async () => {
    await using api = await testApi()
    const items = [{ name: 'Bad Name' }, {}]
    const payload = { compose: hello, items, onInvalid: 'skip' }
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect(body).toMatchObject({ members: 1, skippedItems: [{ index: 0 }] })
  })
})

const withCluster = (found: Partial<Capacity>, options: TestApiOptions = {}) =>
  testApi({ reading: { capacity: async (asked) => ({ ...ampleCapacity(asked), ...found }) }, ...options })

const nodes = {
  count: 2,
  cpu: { allocatable: 8, requested: 6 },
  memory: { allocatable: 16 * 1024 ** 3, requested: null },
  pods: { allocatable: 220, requested: 20 },
  images: new Map([
    ['node-1', new Set(['docker.io/demo/hello:latest'])],
    ['node-2', new Set<string>()],
  ]),
}

describe('a plan', () => {
  it('says what the cluster has, and what of it is unknown', async () => {
    const quota = { ...bound('pods', 10, 2), quota: 'students' }
    const room = { ...namespaceWith('default', [quota]), unread: ['Deployment'] }
    await using api = await withCluster({
      nodes,
      services: null,
      namespaces: [room],
      nodePorts: { limit: 2_768, used: 4, isWhole: false },
    })
    const payload = { compose: hello, count: 3 }
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect(body.cluster).toEqual({
      nodes: {
        count: 2,
        cpu: { allocatable: 8, requested: 6 },
        memory: { allocatable: 16 * 1024 ** 3, requested: 'unknown' },
        pods: { allocatable: 220, requested: 20 },
      },
      images: [{ image: 'demo/hello', present: 1, lacking: ['node-2'] }],
      nodePorts: { limit: 2_768, used: 4, counted: 'namespaces' },
      services: 'unknown',
      namespaces: [
        {
          namespace: 'default',
          state: 'present',
          bounds: [{ of: 'pods', limit: 10, used: 2, quota: 'students' }],
          unknown: ['Deployment'],
        },
      ],
    })
    expect(body).toMatchObject({ fits: true, withoutPlace: 0, exposure: 'nodePort' })
    expect(body.spread).toEqual([
      {
        namespace: 'default',
        members: 3,
        bounds: [{ of: 'pods', limit: 10, used: 2, needed: 3, quota: 'students' }],
      },
    ])
    const codes = body.problems.map(({ code, severity, path }) => `${severity} ${code} ${path}`)
    expect(codes).toEqual(['info CAPACITY_UNKNOWN namespaces.default', 'info CAPACITY_UNKNOWN nodePorts'])
  })

  it('never refuses what does not fit: it says so', async () => {
    await using api = await withCluster({ namespaces: [namespaceWith('default', [bound('Deployment', 2)])] })
    const payload = { compose: hello, count: 3 }
    const { status, body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect({ status, fits: body.fits, withoutPlace: body.withoutPlace }).toEqual({
      status: 200,
      fits: false,
      withoutPlace: 1,
    })
    expect(body.problems).toMatchObject([{ code: 'NO_ROOM', severity: 'error' }])
  })

  it('warns where the nodes have no room for all, which does not keep a launch from being accepted', async () => {
    await using api = await withCluster({ nodes })
    const compose = 'services: { web: { image: demo/hello, cpus: 1, mem_limit: 4g } }'
    const payload = { name: 'class', compose, count: 5 }
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect(body.fits).toBe(false)
    expect(body.problems.map(({ severity, path }) => `${severity} ${path}`)).toEqual([
      'warning nodes.cpuRequests',
      'warning nodes.memoryRequests',
    ])
    expect((await send(api, { method: 'POST', url: '/v1/batches', payload })).status).toBe(202)
  })

  it('counts what other batches will take', async () => {
    await using api = await withCluster({ namespaces: [namespaceWith('default', [bound('Deployment', 5)])] })
    await send(api, { method: 'POST', url: '/v1/batches', payload: { name: 'a', compose: hello, count: 3 } })
    const payload = { name: 'b', compose: hello, count: 2 }
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect(body).toMatchObject({ fits: true, spread: [{ bounds: [{ used: 3, needed: 2, limit: 5 }] }] })
  })

  it('has what the limits of the tenant would refuse among its problems', async () => {
    const tenancy = toTenancy({ limits: { systems: 2 } }, {}, [])
    await using api = await testApi({ tenancy })
    const { body } = await send<BatchPlan>(api, {
      method: 'POST',
      url,
      payload: { compose: hello, count: 3 },
    })
    expect(body).toMatchObject({ fits: false, problems: [{ code: 'SYSTEM_LIMIT', severity: 'error' }] })
  })

  it('is not to be had without the cluster: 503 with Retry-After', async () => {
    const capacity = async () => {
      throw new UnavailableError('CLUSTER_UNREACHABLE', 'The cluster does not answer')
    }
    await using api = await testApi({ reading: { capacity } })
    const answer = await refused(api, { method: 'POST', url, payload: { compose: hello, count: 3 } })
    expect(answer).toMatchObject({ status: 503, body: { code: 'CLUSTER_UNREACHABLE' } })
    expect(answer.headers['retry-after']).toBe('5')
  })
})
