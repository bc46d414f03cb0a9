// Jobs: polling, waiting, listing.
import { describe, expect, inject, it } from 'vitest'
import type { JobPage } from '../../src/api/schemas/job.ts'
import type { Job } from '../../src/jobs/job.ts'
import { waitFor } from '../kit/wait.ts'
import { fail, finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const get = (api: TestApi, id: string, options: { query?: string; headers?: Record<string, string> } = {}) =>
  send<Job>(api, {
    method: 'GET',
    url: `/v1/jobs/${id}${options.query ?? ''}`,
    headers: options.headers ?? {},
  })

const list = async (api: TestApi, query: string) =>
  (await send<JobPage>(api, { method: 'GET', url: `/v1/jobs?${query}` })).body

const somebodyWaits = (api: TestApi) =>
  waitFor('somebody to wait', () => api.waiting() > 0, { intervalMs: 5 })

describe('GET /v1/jobs/{id}', () => {
  it('answers the job with its revision as a weak ETag, and when to ask again', async () => {
    await using api = await testApi()
    const { id, revision } = await start(api, { compose: hello })
    const answer = await get(api, id)
    expect(answer).toMatchObject({ status: 200, headers: { etag: `W/"${revision}"`, 'retry-after': '1' } })
    expect(answer.body).toMatchObject({ id, revision, progress: { step: 'queued', percent: 0 } })
  })

  it('answers the result once it is done, without Retry-After', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    await finish(api, id)
    const { headers, body } = await get(api, id)
    expect(headers['retry-after']).toBeUndefined()
    expect(body).toMatchObject({
      done: true,
      result: { endpoints: [{ service: 'web', port: 30080 }], containers: { web: { port: 30080 } } },
      keptUntil: expect.any(String),
    })
    expect(body.error).toBeUndefined()
  })

  it('answers a failure with 200 and the error inside', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    await fail(api, id, 'IMAGE_NOT_FOUND', 'no such image')
    const { status, body } = await get(api, id)
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'failed', done: true, error: { code: 'IMAGE_NOT_FOUND' } })
    expect(body.result).toBeUndefined()
  })

  it('answers 304 to a revision that is known, and 200 to an older one', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const known = String((await get(api, id)).headers.etag)
    expect(await get(api, id, { headers: { 'if-none-match': known } })).toMatchObject({
      status: 304,
      headers: { etag: known, 'retry-after': '1' },
      body: null,
    })
    await finish(api, id)
    expect((await get(api, id, { headers: { 'if-none-match': known } })).status).toBe(200)
  })

  it('reads no record to say that nothing has changed', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    await finish(api, id)
    const known = String((await get(api, id)).headers.etag)
    await api.redis.hset(`${api.prefix}:job:${id}`, 'record', 'none')
    const answer = await get(api, id, { headers: { 'if-none-match': known } })
    expect(answer).toMatchObject({ status: 304, headers: { etag: known, 'cache-control': 'no-store' } })
    expect(answer.headers['retry-after']).toBeUndefined()
    // A client that is told of a body which never comes gives up the connection.
    expect(answer.headers['content-length']).toBeUndefined()
  })

  it('says where a job stands that waits for a worker, under the same ETag', async () => {
    let position = 7
    await using api = await testApi({ tasks: { positionOf: async () => position } })
    const { id } = await start(api, { compose: hello })
    const first = await get(api, id)
    position = 1
    const second = await get(api, id)
    expect([first.body.queuePosition, second.body.queuePosition]).toEqual([7, 1])
    expect(second.headers.etag).toBe(first.headers.etag)
    const again = await get(api, id, { headers: { 'if-none-match': String(first.headers.etag) } })
    expect(again.status).toBe(304)
    await finish(api, id)
    expect((await get(api, id)).body).not.toHaveProperty('queuePosition')
  })

  it('times the present step up to now', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    await api.store.works.change(id, (work) => ({
      ...work,
      job: { ...work.job, stepSince: Date.now() - 5_000 },
    }))
    const { timings } = (await get(api, id)).body
    expect(timings.queuedMs).toBeGreaterThanOrEqual(5_000)
    await finish(api, id)
    const ended = (await get(api, id)).body.timings
    expect(ended.queuedMs).toBeGreaterThanOrEqual(timings.queuedMs)
    expect((await get(api, id)).body.timings).toEqual(ended)
  })

  it("tells nobody of another tenant's job, not even that it has not changed", async () => {
    await using bob = await testApi({ anonymousTenant: 'bob' })
    await using alice = await testApi({ redis: { url: inject('redisUrl'), prefix: bob.prefix } })
    const { id, revision } = await start(bob, { compose: hello })
    const headers = { 'if-none-match': `W/"${revision}"` }
    for (const query of ['', '?wait=10']) {
      expect((await get(alice, id, { query, headers })).status).toBe(404)
    }
  })

  it("answers 404 for an unknown job and for another tenant's", async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const record = await api.store.works.job(id)
    await api.redis.hset(`${api.prefix}:job:${id}`, 'record', JSON.stringify({ ...record, tenant: 'bob' }))
    for (const job of [id, 'nothing']) {
      const answer = await refused(api, { method: 'GET', url: `/v1/jobs/${job}` })
      expect(answer).toMatchObject({ status: 404, body: { code: 'JOB_NOT_FOUND' } })
    }
  })
})

describe('waiting', () => {
  it('returns as soon as the job is done', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const answer = get(api, id, { query: '?wait=60' })
    await somebodyWaits(api)
    await finish(api, id)
    expect((await answer).body.status).toBe('succeeded')
  })

  it('does not miss a change between its first read and its subscription', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const answers = Array.from({ length: 20 }, () => get(api, id, { query: '?wait=60' }))
    await finish(api, id)
    for (const { body } of await Promise.all(answers)) expect(body.done).toBe(true)
  })

  it('returns at a mere change where If-None-Match is given', async () => {
    await using api = await testApi()
    const { id, revision } = await start(api, { compose: hello })
    const answer = get(api, id, { query: '?wait=60', headers: { 'if-none-match': `W/"${revision}"` } })
    await somebodyWaits(api)
    await api.store.works.change(id, (work) => ({ ...work, job: { ...work.job, message: 'on its way' } }))
    expect((await answer).body).toMatchObject({ done: false, progress: { message: 'on its way' } })
  })

  it('returns the job as it is, or 304, when the time is over', async () => {
    await using api = await testApi()
    const { id, revision } = await start(api, { compose: hello })
    expect(await get(api, id, { query: '?wait=1' })).toMatchObject({ status: 200, body: { done: false } })
    const headers = { prefer: 'wait=1', 'if-none-match': `W/"${revision}"` }
    expect(await get(api, id, { headers })).toMatchObject({
      status: 304,
      headers: { 'preference-applied': 'wait=1' },
    })
  })

  it('works on the request that makes the job', async () => {
    await using api = await testApi({ tasks: { enqueue: async ({ id }) => finish(api, id) } })
    const answer = await send<Job>(api, {
      method: 'POST',
      url: '/v1/systems',
      headers: { prefer: 'respond-async, wait=100' },
      payload: { name: 'hello', compose: hello },
    })
    expect(answer).toMatchObject({ status: 202, headers: { 'preference-applied': 'wait=60' } })
    expect(answer.body.status).toBe('succeeded')
    expect(answer.headers['retry-after']).toBeUndefined()
    const stop = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello?wait=60' })
    expect(stop).toMatchObject({ status: 202, body: { status: 'succeeded' } })
  })
})

describe('GET /v1/jobs', () => {
  it('lists jobs, newest first, page by page, stable while jobs are added', async () => {
    await using api = await testApi()
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.unshift((await start(api, { compose: hello })).id)
    const first = await list(api, 'pageSize=2')
    await start(api, { compose: hello })
    const second = await list(api, `pageSize=2&pageToken=${first.nextPageToken}`)
    const third = await list(api, `pageSize=2&pageToken=${second.nextPageToken}`)
    expect([...first.jobs, ...second.jobs, ...third.jobs].map((job) => job.id)).toEqual(ids)
    expect(third).not.toHaveProperty('nextPageToken')
  })

  it('filters by status, kind and system, and fills its pages', async () => {
    await using api = await testApi()
    for (let i = 0; i < 6; i++) {
      const { id } = await start(api, { name: `s${i}`, compose: hello })
      if (i % 2 === 0) await finish(api, id)
    }
    await send(api, { method: 'DELETE', url: '/v1/systems/s0' })
    const succeeded = await list(api, 'status=succeeded&pageSize=2')
    expect(succeeded.jobs.map((job) => job.system.name)).toEqual(['s4', 's2'])
    const rest = await list(api, `status=succeeded&pageSize=2&pageToken=${succeeded.nextPageToken}`)
    expect(rest.jobs.map((job) => job.system.name)).toEqual(['s0'])
    expect((await list(api, 'kind=system.stop')).jobs).toHaveLength(1)
    expect((await list(api, 'system=s0')).jobs.map((job) => job.kind)).toEqual([
      'system.stop',
      'system.start',
    ])
  })

  it("refuses a page token of another list, of another tenant's, and a forged one", async () => {
    await using bob = await testApi({ anonymousTenant: 'bob' })
    await using alice = await testApi({ redis: { url: inject('redisUrl'), prefix: bob.prefix } })
    for (const name of ['a', 'b']) await start(bob, { name: `bobs-${name}`, compose: hello })
    const { nextPageToken: token = '' } = await list(bob, 'pageSize=1')
    const forged = Buffer.from('0123456789abcdef:jobs').toString('base64url')
    const wrong: [TestApi, string][] = [
      [alice, `/v1/jobs?pageToken=${token}`],
      [bob, `/v1/systems?pageToken=${token}`],
      [bob, `/v1/jobs?pageToken=${token.slice(2)}`],
      [bob, `/v1/jobs?pageToken=${forged}`],
      [bob, '/v1/jobs?pageToken='],
    ]
    for (const [api, url] of wrong) {
      const answer = await refused(api, { method: 'GET', url })
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_PAGE_TOKEN' } })
    }
    expect((await list(bob, `pageToken=${token}`)).jobs).toHaveLength(1)
  })
})
