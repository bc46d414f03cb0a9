// A batch and what the cluster has room for: refused with the numbers, or spread by the tenant's rule.
import { describe, expect, it } from 'vitest'
import type { Batch } from '../../src/api/schemas/batch.ts'
import { namespaceOf } from '../../src/jobs/batch.ts'
import { UnavailableError } from '../../src/problem.ts'
import type { Capacity } from '../../src/system/capacity.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { ampleCapacity, bound, namespaceWith } from '../kit/capacity.ts'
import { redisCorner } from '../kit/redis.ts'
import { must } from '../kit/work.ts'
import { hello, refused, send, type TestApi, type TestApiOptions, testApi } from './kit.ts'

type Rooms = Record<string, ReturnType<typeof bound>[]>

/** An API before a cluster whose namespaces are bounded so. */
function withRooms(rooms: Rooms, more: Partial<Capacity> = {}, options: TestApiOptions = {}) {
  const capacity: NonNullable<TestApiOptions['reading']>['capacity'] = async (asked) => ({
    ...ampleCapacity(asked),
    namespaces: asked.namespaces.map((name) => namespaceWith(name, rooms[name] ?? [])),
    ...more,
  })
  return testApi({ reading: { capacity }, ...options })
}

const launch = (payload: object) => ({
  method: 'POST' as const,
  url: '/v1/batches',
  payload: { name: 'class', compose: hello, exposure: 'clusterIP', ...payload },
})

const several = toTenancy({ namespaces: ['course', 'course-2', 'course-3'] }, {}, [])

async function accept(api: TestApi, payload: object): Promise<Batch> {
  const { status, body } = await send<Batch>(api, launch(payload))
  expect(status, JSON.stringify(body)).toBe(202)
  return body
}

describe('a batch that does not fit', () => {
  it('is refused with the numbers, and nothing is written', async () => {
    await using api = await withRooms({ default: [bound('Deployment', 2_000, 12)] })
    const { status, body } = await refused(api, launch({ count: 3_000 }))
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'BATCH_DOES_NOT_FIT' })
    expect(body.detail).toBe(
      'The batch does not fit, 1012 of 3000 systems have no place: in default Deployment: 3000 needed, 12 of 2000 used',
    )
    expect(body.shortages).toEqual([
      { namespace: 'default', of: 'Deployment', limit: 2_000, used: 12, needed: 3_000 },
    ])
    expect(body.problems).toMatchObject([{ code: 'NO_ROOM', path: 'namespaces.default.Deployment' }])
  })

  it('is refused by a quota, with its name', async () => {
    const quota = { ...bound('memoryRequests', 4 * 1024 ** 3, 1024 ** 3), quota: 'students' }
    await using api = await withRooms({ default: [quota] })
    const compose = 'services: { web: { image: demo/hello, mem_limit: 1g } }'
    await accept(api, { compose, name: 'three', count: 3 })
    const { body } = await refused(api, launch({ compose, name: 'one', count: 1 }))
    expect(body.detail).toContain('memory requests: 1 GiB needed, 4 GiB of 4 GiB used (quota students)')
    expect(body.shortages).toMatchObject([{ quota: 'students', used: 4 * 1024 ** 3 }])
  })

  it('is refused where there are not enough node ports', async () => {
    await using api = await withRooms({}, { nodePorts: { limit: 2_768, used: 2_700, isWhole: true } })
    await accept(api, { count: 68, exposure: 'nodePort', name: 'fits' })
    const { body } = await refused(api, launch({ count: 1, exposure: 'nodePort', name: 'more' }))
    expect(body.shortages).toEqual([{ of: 'nodePorts', limit: 2_768, used: 2_768, needed: 1 }])
    await accept(api, { count: 300, name: 'without' })
  })

  it('is refused where no namespace of the tenant can be used', async () => {
    const gone = { namespace: 'default', state: 'absent' as const, bounds: [], unread: [] }
    await using api = await withRooms({}, { namespaces: [gone] })
    const { body } = await refused(api, launch({ count: 1 }))
    expect(body).toMatchObject({ code: 'BATCH_DOES_NOT_FIT', problems: [{ code: 'NAMESPACE_UNUSABLE' }] })
  })
})

describe('a batch of a tenant with several namespaces', () => {
  const rooms = {
    course: [bound('Deployment', 5, 2)],
    'course-2': [bound('Deployment', 5), bound('pods', 4)],
  }

  it('fills them one after the other, and says how', async () => {
    await using api = await withRooms(rooms, {}, { tenancy: several })
    const { id, spread } = await accept(api, { count: 10 })
    expect(spread.map(({ namespace, members }) => [namespace, members])).toEqual([
      ['course', 3],
      ['course-2', 4],
      ['course-3', 3],
    ])
    expect(spread[0]?.bounds).toEqual([{ of: 'Deployment', limit: 5, used: 2, needed: 3 }])
    const shown = await send<Batch>(api, { method: 'GET', url: `/v1/batches/${id}` })
    expect(shown.body.spread).toEqual(spread)
    const record = must(await api.store.batches.read(id))
    expect([0, 2, 3, 6, 7, 9].map((index) => namespaceOf(record, index))).toEqual([
      'course',
      'course',
      'course-2',
      'course-2',
      'course-3',
      'course-3',
    ])
  })

  it('counts what other batches will take that were accepted before', async () => {
    await using api = await withRooms(rooms, {}, { tenancy: several })
    await accept(api, { name: 'first', count: 5 })
    const { spread } = await accept(api, { name: 'second', count: 5 })
    expect(spread.map(({ namespace, members }) => [namespace, members])).toEqual([
      ['course-2', 2],
      ['course-3', 3],
    ])
  })

  it('has what other batches would have taken, had they not been canceled', async () => {
    await using api = await withRooms(rooms, {}, { tenancy: several })
    const { id } = await accept(api, { name: 'first', count: 5 })
    await send(api, { method: 'POST', url: `/v1/batches/${id}/cancel` })
    const { spread } = await accept(api, { name: 'second', count: 3 })
    expect(spread.map(({ namespace, members }) => [namespace, members])).toEqual([['course', 3]])
  })

  it('leaves out a namespace that is not there, and says so', async () => {
    const namespaces = [
      { namespace: 'course', state: 'absent' as const, bounds: [], unread: [] },
      { namespace: 'course-2', state: 'unknown' as const, bounds: [], unread: ['ResourceQuota'] },
    ]
    await using api = await withRooms({}, { namespaces }, { tenancy: several })
    const { spread, problems } = await accept(api, { count: 2 })
    expect(spread).toEqual([{ namespace: 'course-2', members: 2, bounds: [] }])
    expect(problems).toMatchObject([
      { code: 'NAMESPACE_UNUSABLE', severity: 'warning', path: 'namespaces.course' },
      { code: 'CAPACITY_UNKNOWN', severity: 'info', path: 'namespaces.course-2' },
    ])
  })
})

describe('batches that come at once', () => {
  const launches = (apis: readonly TestApi[], count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, at) =>
        send<Batch>(must(apis[at % apis.length]), launch({ name: `at-once-${at}`, count: 2 })),
      ),
    )
  const rooms = { course: [bound('Deployment', 7)], 'course-2': [bound('Deployment', 100)] }
  const tenancy = toTenancy({ namespaces: ['course', 'course-2'] }, {}, [])

  it('do not count on the same room', async () => {
    await using corner = redisCorner()
    await using one = await withRooms(rooms, {}, { tenancy, redis: corner })
    await using other = await withRooms(rooms, {}, { tenancy, redis: corner })
    const answers = await launches([one, other], 10)
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202))
    const inFirst = answers.flatMap(({ body }) =>
      body.spread.flatMap(({ namespace, members }) => (namespace === 'course' ? [members] : [])),
    )
    expect(inFirst.reduce((sum, members) => sum + members, 0)).toBe(7)
  })

  it('are refused when others have taken the last room', async () => {
    await using api = await withRooms({ default: [bound('Deployment', 6)] })
    const answers = await launches([api], 5)
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 202, 202, 422, 422])
  })
})

describe('a tenant whose batches go by ingress when node ports run out', () => {
  const tenancy = toTenancy({ whenNodePortsRunOut: 'ingress' }, {}, [])
  const nodePorts = { limit: 2_768, used: 2_767, isWhole: true }
  const plain = (payload: object) => ({ ...payload, compose: hello, exposure: undefined })

  it('is refused where no host is known', async () => {
    await using api = await withRooms({}, { nodePorts }, { tenancy })
    const { body } = await refused(api, launch(plain({ count: 2 })))
    expect(body.code).toBe('BATCH_DOES_NOT_FIT')
  })

  it('has its batch published by ingress, and is told so', async () => {
    const { compile } = await import('../../src/orchestrators/kubernetes/compile/compile.ts')
    const ingress = { host: '{system}.example.org', className: null }
    const compiling = { compile: (input: Parameters<typeof compile>[0]) => compile({ ...input, ingress }) }
    await using api = await withRooms({}, { nodePorts }, { tenancy, ...compiling })
    const { exposure, problems } = await accept(api, plain({ count: 2 }))
    expect(exposure).toBe('ingress')
    expect(problems).toMatchObject([{ code: 'NODE_PORTS_RUN_OUT', severity: 'info' }])
    expect(problems[0]?.message).toContain('2 needed, 2767 of 2768 used')
    const one = await accept(api, { ...plain({ count: 1 }), name: 'one' })
    expect(one).toMatchObject({ exposure: 'nodePort', problems: [] })
  })

  it('keeps the exposure that a request asks for', async () => {
    await using api = await withRooms({}, { nodePorts }, { tenancy })
    const { body } = await refused(api, launch({ count: 2, exposure: 'nodePort' }))
    expect(body.code).toBe('BATCH_DOES_NOT_FIT')
  })
})

describe('a cluster that can not be read', () => {
  it('is no error of the request: the batch is accepted, spread evenly, and says so', async () => {
    const capacity = async () => {
      throw new UnavailableError('CLUSTER_UNREACHABLE', 'The cluster does not answer')
    }
    await using api = await testApi({ reading: { capacity }, tenancy: several })
    const { spread, problems } = await accept(api, { count: 7 })
    expect(spread.map((share) => share.members)).toEqual([3, 3, 1])
    expect(problems).toMatchObject([{ code: 'CAPACITY_UNKNOWN', severity: 'warning' }])
    expect(problems[0]?.message).toContain('The cluster does not answer')
  })

  it('is waited for two seconds at most', async () => {
    const capacity: NonNullable<TestApiOptions['reading']>['capacity'] = (_asked, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    await using api = await testApi({ reading: { capacity } })
    const { problems } = await accept(api, { count: 1 })
    expect(problems[0]?.message).toContain('it did not answer within 2 seconds')
  })
})

it('more Services than the cluster is made for are a warning', async () => {
  const services = bound('Service', 10_000, 9_999)
  await using api = await withRooms({}, { services })
  const { problems } = await accept(api, { count: 2 })
  expect(problems).toMatchObject([{ code: 'MANY_SERVICES', severity: 'warning' }])
})

it('a quota that pods have to name amounts for is a warning where they name none', async () => {
  const quotas = ['cpuRequests', 'pods'].map((of) => ({ ...bound(of, 10), quota: 'students' }))
  await using api = await withRooms({ default: quotas })
  const { problems } = await accept(api, { count: 2 })
  expect(problems.map(({ code, severity, path }) => `${severity} ${code} ${path}`)).toEqual([
    'warning QUOTA_NEEDS_AMOUNTS namespaces.default.cpuRequests',
  ])
  const compose = 'services: { web: { image: demo/hello, cpus: 1 } }'
  expect((await accept(api, { compose, name: 'other', count: 2 })).problems).toEqual([])
})

it('a member that keeps volumes is started where they are', async () => {
  const compose = `
services: { db: { image: demo/db, volumes: ["data:/data"] } }
volumes: { data: {} }
`
  await using api = await testApi({ tenancy: several })
  const { id } = await accept(api, { compose, count: 3 })
  await api.store.works.adopt({
    ...must(await api.store.works.readWaiting(`${id}-1`)).system,
    name: 'kept-1',
    sid: 'f'.repeat(32),
    phase: 'stopped',
    namespace: 'course-3',
    objectNames: [],
    batch: null,
  })
  const { spread } = await accept(api, { compose, name: 'kept', count: 3 })
  expect(spread.map(({ namespace, members }) => [namespace, members])).toEqual([
    ['course', 2],
    ['course-3', 1],
  ])
})
