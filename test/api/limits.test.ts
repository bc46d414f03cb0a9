// How many systems and pending jobs a tenant may have, and how many jobs all tenants together.
import { describe, expect, it } from 'vitest'
import { requireRoom } from '../../src/api/tenant-room.ts'
import type { Job } from '../../src/jobs/job.ts'
import { type Limits, NO_LIMITS } from '../../src/system/access.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { fail, finish, hello, issue, refused, send, start, type TestApi, testApi } from './kit.ts'

const limited = (limits: Partial<Limits>) => ({ tenancy: toTenancy({}, { alice: { limits } }, []) })

const post = (name: string, headers = {}) =>
  ({ method: 'POST', url: '/v1/systems', payload: { name, compose: hello }, headers }) as const

const changed = hello.replace('demo/hello', 'demo/hello:2')

describe('the systems of a tenant', () => {
  it('are as many as its limit says: one more is 403, until one is gone', async () => {
    await using api = await testApi(limited({ systems: 2 }))
    await finish(api, (await start(api, { name: 'one', compose: hello })).id)
    await finish(api, (await start(api, { name: 'two', compose: hello })).id)
    expect(await refused(api, post('three'))).toMatchObject({
      status: 403,
      body: { code: 'SYSTEM_LIMIT', detail: expect.stringMatching(/may have 2 systems and has 2/) },
    })
    const envelope = await send(api, {
      method: 'POST',
      url: '/system/start',
      payload: { name: 'x', system: JSON.parse('{"services":{"web":{"image":"demo/hello"}}}') },
    })
    expect(envelope).toMatchObject({ status: 403, body: { result: { code: 'SYSTEM_LIMIT' } } })

    const stop = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/one' })
    expect(await refused(api, post('three'))).toMatchObject({ status: 403 })
    await finish(api, stop.body.id)
    expect((await send(api, post('three'))).status).toBe(202)
  })

  it('can be changed and stopped at the limit', async () => {
    await using api = await testApi(limited({ systems: 1 }))
    await finish(api, (await start(api, { name: 'one', compose: hello })).id)
    const put = { method: 'PUT', url: '/v1/systems/one', payload: { compose: changed } } as const
    expect((await send(api, put)).status).toBe(202)
    expect((await send(api, { method: 'DELETE', url: '/v1/systems/one' })).status).toBe(202)
  })

  it('count no more when their start has failed', async () => {
    await using api = await testApi(limited({ systems: 1 }))
    await fail(api, (await start(api, { name: 'one', compose: hello })).id, 'X', 'failed')
    expect((await send(api, post('two'))).status).toBe(202)
  })

  it("are not others', and a tenant without a limit has as many as it wants", async () => {
    await using api = await testApi(limited({ systems: 1 }))
    await start(api, { name: 'one', compose: hello })
    const { headers } = await issue(api, { tenant: 'bob' })
    for (const name of ['a', 'b', 'c']) expect((await send(api, post(name, headers))).status).toBe(202)
    expect((await refused(api, post('two'))).status).toBe(403)
  })

  it('are never more, however many ask at once', async () => {
    await using api = await testApi(limited({ systems: 5 }))
    const names = Array.from({ length: 20 }, (_, at) => `s${at}`)
    const answers = await Promise.all(names.map((name) => send(api, post(name))))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 202)).toHaveLength(5)
    expect(statuses.filter((status) => status === 403)).toHaveLength(15)
    expect(api.enqueued).toHaveLength(5)
  })
})

describe('the pending jobs of a tenant', () => {
  it('are as many as its limit says: one more is 429 with Retry-After, until one is done', async () => {
    await using api = await testApi(limited({ pendingJobs: 1 }))
    const job = await start(api, { name: 'one', compose: hello })
    const answer = await refused(api, post('two'))
    expect(answer).toMatchObject({
      status: 429,
      headers: { 'retry-after': '5' },
      body: { code: 'JOB_LIMIT', detail: expect.stringMatching(/may have 1 pending jobs and has 1/) },
    })
    await finish(api, job.id)
    expect((await send(api, post('two'))).status).toBe(202)
    expect((await refused(api, post('three'))).status).toBe(429)
  })

  it('may be superseded and stopped at the limit', async () => {
    await using api = await testApi(limited({ pendingJobs: 1 }))
    await start(api, { name: 'one', compose: hello })
    const put = { method: 'PUT', url: '/v1/systems/one', payload: { compose: changed } } as const
    expect((await send(api, put)).status).toBe(202)
    expect((await send(api, { method: 'DELETE', url: '/v1/systems/one' })).status).toBe(202)
    expect((await refused(api, post('two'))).status).toBe(429)
  })
})

describe('the pending jobs of everybody', () => {
  it('are bounded: one more of anybody is 503 with Retry-After', async () => {
    await using api = await testApi({ queueLimit: 2 })
    const job = await start(api, { name: 'one', compose: hello })
    const { headers } = await issue(api, { tenant: 'bob' })
    expect((await send(api, post('two', headers))).status).toBe(202)
    for (const request of [post('three'), post('three', headers)])
      expect(await refused(api, request)).toMatchObject({
        status: 503,
        headers: { 'retry-after': '30' },
        body: { code: 'QUEUE_FULL' },
      })
    await finish(api, job.id)
    expect((await send(api, post('three'))).status).toBe(202)
  })
})

describe('the early check for many at once', () => {
  const ask = (
    api: TestApi,
    limits: Partial<Limits>,
    wanted: { systems: number; jobs: number },
    queueLimit = 0,
  ) => {
    const tenant = {
      name: 'alice',
      namespace: 'default',
      namespaces: ['default'],
      whenNodePortsRunOut: 'refuse' as const,
      isAdmin: false,
      scopes: [],
      caller: 'test',
    }
    const context = { store: api.store, queueLimit } as Parameters<typeof requireRoom>[0]
    return requireRoom(context, { ...tenant, limits: { ...NO_LIMITS, ...limits } }, wanted)
  }

  it('says which limit leaves no room, with the numbers', async () => {
    await using api = await testApi()
    await start(api, { name: 'one', compose: hello })
    const wanted = { systems: 300, jobs: 300 }
    await ask(api, {}, wanted)
    await ask(api, { systems: 301, pendingJobs: 301 }, wanted, 301)
    await expect(ask(api, { systems: 300 }, wanted)).rejects.toMatchObject({
      code: 'SYSTEM_LIMIT',
      status: 403,
      message: expect.stringMatching(/may have 300 systems and has 1: 300 more are too many/),
    })
    await expect(ask(api, { pendingJobs: 300 }, wanted)).rejects.toMatchObject({
      code: 'JOB_LIMIT',
      status: 429,
    })
    await expect(ask(api, {}, wanted, 300)).rejects.toMatchObject({ code: 'QUEUE_FULL', status: 503 })
    await ask(api, { systems: 1 }, { systems: 0, jobs: 10 })
  })
})
