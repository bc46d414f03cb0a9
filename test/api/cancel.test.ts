// Canceling a job, and trying a failed one again.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { begin } from '../../src/jobs/work.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { fail, finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const post = (api: TestApi, url: string) => send<Job>(api, { method: 'POST', url })

const cancel = (api: TestApi, id: string) => post(api, `/v1/jobs/${id}/cancel`)

const retry = (api: TestApi, id: string) => post(api, `/v1/jobs/${id}/retry`)

const put = (api: TestApi, payload: object) =>
  send<Job>(api, { method: 'PUT', url: '/v1/systems/hello', payload })

/** A worker takes up the task of a job. */
async function take(api: TestApi, id: string): Promise<void> {
  await api.store.works.change(id, (work) => begin(work, must(work.job.task), 1, Date.now()))
}

const phaseOf = async (api: TestApi) => (await api.store.works.system('alice', 'hello'))?.phase

describe('POST /v1/jobs/{id}/cancel', () => {
  it('answers 200 where nothing was begun, and again when it is repeated; the name is free', async () => {
    await using api = await testApi()
    const { id } = await start(api, { name: 'hello', compose: hello })
    const first = await cancel(api, id)
    expect(first).toMatchObject({
      status: 200,
      body: { status: 'canceled', done: true, error: { code: 'CANCELED' } },
    })
    expect(first.body.result).toBeUndefined()
    expect(await cancel(api, id)).toMatchObject({ status: 200, body: { revision: first.body.revision } })
    expect(await phaseOf(api)).toBe('stopped')
    await start(api, { name: 'hello', compose: hello })
  })

  it('answers 202 while a worker is at it, and when it is repeated changes nothing', async () => {
    await using api = await testApi()
    const { id } = await start(api, { name: 'hello', compose: hello })
    await take(api, id)
    const first = await cancel(api, id)
    expect(first).toMatchObject({ status: 202, body: { status: 'running', done: false } })
    expect(await cancel(api, id)).toMatchObject({ status: 202, body: { revision: first.body.revision } })
    await expect(put(api, { compose: hello })).resolves.toMatchObject({
      status: 409,
      body: { code: 'CHANGE_UNDER_WAY' },
    })
  })

  it('tells the worker at once', async () => {
    await using api = await testApi()
    const { id } = await start(api, { name: 'hello', compose: hello })
    await take(api, id)
    let told = 0
    api.store.changes.onInterrupt(id, () => {
      told += 1
    })
    await cancel(api, id)
    await waitFor('the message', () => told === 1, { intervalMs: 5 })
  })

  it('brings an update on its way back, and lets a newer one take its place', async () => {
    await using api = await testApi()
    const { id } = await start(api, { name: 'hello', compose: hello })
    await finish(api, id)
    const changed = { compose: hello.replace('demo/hello', 'demo/other') }
    const update = (await put(api, changed)).body
    const canceled = await cancel(api, update.id)
    expect(canceled).toMatchObject({ status: 202, body: { progress: { step: 'compiling' } } })
    expect(api.enqueued.at(-1)).toMatchObject({ id: update.id, task: { verb: 'compile', round: 2 } })
    const again = await put(api, changed)
    expect(again.body.id).not.toBe(update.id)
    const superseded = await send<Job>(api, { method: 'GET', url: `/v1/jobs/${update.id}` })
    expect(superseded.body).toMatchObject({ status: 'canceled', error: { code: 'SUPERSEDED' } })
  })

  it('refuses to call off a stop, and answers one that is done', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    const stop = (await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello' })).body
    const answer = await refused(api, { method: 'POST', url: `/v1/jobs/${stop.id}/cancel` })
    expect(answer).toMatchObject({ status: 409, body: { code: 'CANNOT_CANCEL' } })
    await finish(api, stop.id)
    expect(await cancel(api, stop.id)).toMatchObject({ status: 200, body: { status: 'succeeded' } })
  })

  it("answers 404 for an unknown job and for another tenant's", async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const record = await api.store.works.job(id)
    await api.redis.hset(`${api.prefix}:job:${id}`, 'record', JSON.stringify({ ...record, tenant: 'bob' }))
    for (const job of [id, 'nothing']) {
      for (const verb of ['cancel', 'retry']) {
        const answer = await refused(api, { method: 'POST', url: `/v1/jobs/${job}/${verb}` })
        expect(answer).toMatchObject({ status: 404, body: { code: 'JOB_NOT_FOUND' } })
      }
    }
  })
})

describe('POST /v1/jobs/{id}/retry', () => {
  it('starts what failed once more, as a new job and a new incarnation with the same request', async () => {
    await using api = await testApi()
    const asked = { name: 'hello', compose: hello, labels: { a: 'b' }, timeoutSeconds: 7, retries: 4 }
    const first = await start(api, asked)
    await fail(api, first.id, 'IMAGE_NOT_FOUND', 'no such image')
    const { status, headers, body } = await retry(api, first.id)
    expect({ status, location: headers.location }).toEqual({ status: 202, location: `/v1/jobs/${body.id}` })
    expect(body).toMatchObject({ kind: 'system.start', retryOf: first.id, status: 'queued', maxAttempts: 5 })
    expect(body.system.sid).not.toBe(first.system.sid)
    expect(api.enqueued.at(-1)).toMatchObject({ id: body.id, labels: { a: 'b' }, timeoutMs: 7000 })
  })

  it('is an update where the system is still there', async () => {
    await using api = await testApi()
    const { id, system } = await start(api, { name: 'hello', compose: hello })
    await finish(api, id)
    const update = (await put(api, { compose: hello.replace('demo/hello', 'demo/other') })).body
    await fail(api, update.id, 'CRASH_LOOP', 'it keeps ending')
    const { body } = await retry(api, update.id)
    expect(body).toMatchObject({
      kind: 'system.update',
      retryOf: update.id,
      system: { sid: system.sid },
    })
    const [of, again] = await Promise.all([update.id, body.id].map((one) => api.store.works.job(one)))
    expect(again?.spec).toBe(of?.spec)
  })

  it('stops again what could not be stopped', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    const stop = (await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello?volumes=true' })).body
    await fail(api, stop.id, 'FORBIDDEN', 'may not delete')
    const { body } = await retry(api, stop.id)
    expect(body).toMatchObject({ kind: 'system.stop', retryOf: stop.id })
    expect((await api.store.works.job(body.id))?.volumes).toBe(true)
  })

  it('is refused unless the job failed and was the last on its system', async () => {
    await using api = await testApi()
    const { id } = await start(api, { name: 'hello', compose: hello })
    const expectRefusal = async () =>
      expect(await refused(api, { method: 'POST', url: `/v1/jobs/${id}/retry` })).toMatchObject({
        status: 409,
        body: { code: 'NOT_RETRYABLE' },
      })
    await expectRefusal()
    await fail(api, id, 'IMAGE_NOT_FOUND', 'no such image')
    await retry(api, id)
    await expectRefusal()
  })
})
