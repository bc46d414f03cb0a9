// Idempotency-Key: the same request again answers what the first one made, whatever has become of it.
import type { InjectOptions } from 'fastify'
import { describe, expect, it } from 'vitest'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import type { Job } from '../../src/jobs/job.ts'
import { redisCorner } from '../kit/redis.ts'
import { must } from '../kit/work.ts'
import { fail, finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const key = '8e03978e-40d5-43dd-bc93-6894a57f9324'

function startWith(idempotencyKey: string, payload: object | string, more: InjectOptions = {}) {
  const headers = { 'idempotency-key': idempotencyKey, ...more.headers }
  return { method: 'POST', url: '/v1/systems', payload, ...more, headers } as const
}

const jobCount = (api: TestApi) => api.redis.zcard(`${api.prefix}:jobs:alice`)

describe('the same request again', () => {
  it('answers the first job as it is now, with the first status and Location', async () => {
    await using api = await testApi()
    const request = startWith(key, { name: 'hello', compose: hello })
    const first = await send<Job>(api, request)
    await finish(api, first.body.id)
    const again = await send<Job>(api, request)
    expect(first.headers).not.toHaveProperty('idempotent-replayed')
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect([again.status, again.headers.location]).toEqual([202, first.headers.location])
    expect(again.body).toMatchObject({ id: first.body.id, status: 'succeeded', done: true })
    expect(api.enqueued).toHaveLength(1)
  })

  it('answers the first job although the system is gone and its name was used since', async () => {
    await using api = await testApi()
    const request = startWith(key, { name: 'hello', compose: hello })
    const first = await send<Job>(api, request)
    await fail(api, first.body.id, 'BROKEN', 'broken')
    await start(api, { name: 'hello', compose: hello })
    expect(await send(api, request)).toMatchObject({ status: 202, body: { id: first.body.id } })
  })

  it('may be laid out otherwise, and wait otherwise', async () => {
    await using api = await testApi()
    const json = { 'content-type': 'application/json' }
    const first = await send<Job>(api, startWith(key, { compose: hello }))
    await finish(api, first.body.id)
    const spaced = JSON.stringify({ compose: hello }, null, 2)
    const again = startWith(key, spaced, { url: '/v1/systems?wait=5', headers: json })
    expect(await send(api, again)).toMatchObject({ status: 202, body: { id: first.body.id } })
  })

  it('makes one job of many at once', async () => {
    await using api = await testApi()
    for (const payload of [{ name: 'hello', compose: hello }, { compose: hello }]) {
      const before = await jobCount(api)
      const request = startWith(`"${JSON.stringify(payload).length}"`, payload)
      const answers = await Promise.all(Array.from({ length: 20 }, () => send<Job>(api, request)))
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202))
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
      expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === 'true')).toHaveLength(19)
      expect(await jobCount(api)).toBe(before + 1)
    }
  })

  it('makes one new job of a failed one', async () => {
    await using api = await testApi()
    const { id } = await start(api, { name: 'hello', compose: hello })
    await fail(api, id, 'BROKEN', 'broken')
    const retry = {
      method: 'POST',
      url: `/v1/jobs/${id}/retry`,
      headers: { 'idempotency-key': key },
    } as const
    const [one, other] = await Promise.all([send<Job>(api, retry), send<Job>(api, retry)])
    expect(one).toMatchObject({ status: 202, body: { retryOf: id } })
    expect(other).toMatchObject({ status: 202, body: { id: one.body.id } })
    await fail(api, one.body.id, 'BROKEN', 'broken')
    expect(await send(api, retry)).toMatchObject({ status: 202, body: { id: one.body.id, status: 'failed' } })
  })

  it('starts one system by the original endpoint, which else gives each its own name', async () => {
    await using api = await testApi()
    const payload = { name: 'hello', system: { services: { web: { image: 'demo/hello' } } } }
    const headers = { 'idempotency-key': key, prefer: 'respond-async' }
    const request = { method: 'POST', url: '/system/start', payload, headers } as const
    const answers = await Promise.all([send<Job>(api, request), send<Job>(api, request)])
    const again = await send<Job>(api, request)
    expect(new Set([...answers, again].map(({ body }) => body.id)).size).toBe(1)
    expect(again.headers['idempotent-replayed']).toBe('true')
  })
})

describe('a key', () => {
  it('that came with another body, query or form is refused', async () => {
    await using api = await testApi()
    await send(api, startWith(key, { compose: hello }))
    const yaml = { 'content-type': 'application/yaml' }
    for (const other of [
      startWith(key, { compose: `${hello}\n` }),
      startWith(key, { compose: hello, name: 'named' }),
      startWith(key, hello, { headers: yaml }),
      startWith(key, hello, { headers: yaml, url: '/v1/systems?name=named' }),
      startWith(key, { compose: 'services: [' }),
    ]) {
      expect(await refused(api, other)).toMatchObject({
        status: 422,
        body: { code: 'IDEMPOTENCY_KEY_REUSED' },
      })
    }
  })

  it('is free again after a refusal', async () => {
    await using api = await testApi()
    await start(api, { name: 'taken', compose: hello })
    for (const payload of [
      { compose: 'services: [' },
      { compose: hello, foo: 1 },
      { name: 'taken', compose: hello },
    ]) {
      expect((await refused(api, startWith(key, payload))).status).toBeGreaterThanOrEqual(400)
    }
    expect(await send(api, startWith(key, { compose: hello }))).toMatchObject({ status: 202 })
  })

  it('is a tenant’s own', async () => {
    await using corner = redisCorner()
    await using alice = await testApi({ redis: corner })
    await using bob = await testApi({ redis: corner, anonymousTenant: 'bob', namespace: 'bob' })
    const request = startWith(key, { name: 'hello', compose: hello })
    const [first, second] = [await send<Job>(alice, request), await send<Job>(bob, request)]
    expect(second.body).toMatchObject({ tenant: 'bob' })
    expect(second.body.id).not.toBe(first.body.id)
  })

  it('is a route’s own, with what its path names', async () => {
    await using api = await testApi()
    const first = await send<Job>(api, startWith(key, { name: 'one', compose: hello }))
    const second = await start(api, { name: 'two', compose: hello })
    const headers = { 'idempotency-key': key }
    for (const { id } of [first.body, second]) {
      await fail(api, id, 'BROKEN', 'broken')
      const answer = await send<Job>(api, { method: 'POST', url: `/v1/jobs/${id}/retry`, headers })
      expect(answer).toMatchObject({ status: 202, body: { retryOf: id } })
    }
  })

  it('is kept while its job goes on, and then as long as that', async () => {
    await using api = await testApi()
    const { body } = await send<Job>(api, startWith(key, { compose: hello }))
    const name = must((await api.store.works.job(body.id))?.origin.idempotencyKey)
    expect(await api.redis.pttl(name)).toBe(-1)
    await finish(api, body.id)
    const [ofKey, ofJob] = await Promise.all([
      api.redis.pexpiretime(name),
      api.redis.pexpiretime(`${api.prefix}:job:${body.id}`),
    ])
    expect(ofKey).toBe(ofJob)
    expect(ofKey).toBeGreaterThan(Date.now())
  })

  it('stands nowhere in Redis', async () => {
    await using api = await testApi()
    await send(api, startWith('my-secret-key', { compose: hello }))
    const keys = await api.redis.keys(`${api.prefix}*`)
    expect(keys.filter((name) => name.includes('my-secret-key'))).toEqual([])
  })

  it.each([
    ['abc', '"abc"'],
    ['a\\b', '"a\\\\b"'],
  ])('%s is the same as %s', async (plain, quoted) => {
    await using api = await testApi()
    const first = await send<Job>(api, startWith(plain, { compose: hello }))
    expect(await send(api, startWith(quoted, { compose: hello }))).toMatchObject({
      status: 202,
      body: { id: first.body.id },
    })
  })

  it.each(['', ' ', '""', 'a b', '"a', 'ä', '"a"; x=1', '"a", "b"', 'x'.repeat(256), `"${'x'.repeat(256)}"`])(
    '%j is none: 400',
    async (wrong) => {
      await using api = await testApi()
      const answer = await refused(api, startWith(wrong, { compose: hello }))
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
      expect((answer.body satisfies HttpProblem).problems).toMatchObject([{ path: 'Idempotency-Key' }])
    },
  )

  it('of 255 characters is one', async () => {
    await using api = await testApi()
    for (const longest of ['x'.repeat(255), `"${'y y'.repeat(85)}"`]) {
      expect(await send(api, startWith(longest, { compose: hello }))).toMatchObject({ status: 202 })
    }
  })
})
