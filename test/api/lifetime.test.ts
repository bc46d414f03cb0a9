// How long a system may stay: `ttlSeconds` in, `expiresAt` out.
import { describe, expect, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import type { Job } from '../../src/jobs/job.ts'
import { finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const url = '/v1/systems/hello'

/** Before and after a request, in milliseconds since the epoch. */
type Times = [since: number, until: number]

async function shown(api: TestApi): Promise<System> {
  return (await send<System>(api, { method: 'GET', url })).body
}

/** Sees that the system ends so many seconds after a request that came between these times. */
async function expectEnd(api: TestApi, [since, until]: Times, seconds: number): Promise<void> {
  const end = Date.parse((await shown(api)).expiresAt ?? '')
  expect(end).toBeGreaterThanOrEqual(since + seconds * 1000)
  expect(end).toBeLessThanOrEqual(until + seconds * 1000)
}

async function change(api: TestApi, method: 'PUT' | 'PATCH', payload: object): Promise<Times> {
  const since = Date.now()
  const { status, body } = await send<Job>(api, { method, url, payload })
  const until = Date.now()
  if (status !== 202) throw new Error(JSON.stringify(body))
  await finish(api, body.id)
  return [since, until]
}

const running = (api: TestApi, more: object = {}) => change(api, 'PUT', { compose: hello, ...more })

describe('ttlSeconds', () => {
  it('of a start says when the system is removed', async () => {
    await using api = await testApi()
    const since = Date.now()
    await start(api, { name: 'hello', compose: hello, ttlSeconds: 3600 })
    await expectEnd(api, [since, Date.now()], 3600)
  })

  it('can stand in the query beside a YAML body', async () => {
    await using api = await testApi()
    const since = Date.now()
    const headers = { 'content-type': 'application/yaml' }
    await api.app.inject({ method: 'PUT', url: `${url}?ttlSeconds=60`, headers, payload: hello })
    await expectEnd(api, [since, Date.now()], 60)
  })

  it('left out means that the system stays until it is stopped', async () => {
    await using api = await testApi()
    await running(api)
    expect(await shown(api)).not.toHaveProperty('expiresAt')
  })

  it('counts anew from each PUT, and ends with one that does not say it', async () => {
    await using api = await testApi()
    await running(api, { ttlSeconds: 60 })
    await expectEnd(api, await running(api, { ttlSeconds: 7200 }), 7200)
    await running(api)
    expect(await shown(api)).not.toHaveProperty('expiresAt')
  })

  it('is set and taken away by a PATCH, and stays as it is where that does not say it', async () => {
    await using api = await testApi()
    await running(api)
    await expectEnd(api, await change(api, 'PATCH', { ttlSeconds: 600 }), 600)
    const { expiresAt } = await shown(api)
    await change(api, 'PATCH', { labels: { a: 'b' } })
    expect((await shown(api)).expiresAt).toBe(expiresAt)
    await change(api, 'PATCH', { ttlSeconds: null })
    expect(await shown(api)).not.toHaveProperty('expiresAt')
  })

  it('is part of what a running change is compared by', async () => {
    await using api = await testApi()
    await running(api)
    const ask = (ttlSeconds: number) =>
      send<Job>(api, { method: 'PUT', url, payload: { compose: hello, ttlSeconds } })
    const { body: first } = await ask(60)
    expect((await ask(60)).body.id).toBe(first.id)
    expect((await ask(90)).body.id).not.toBe(first.id)
  })

  it('is over with the stop of the system', async () => {
    await using api = await testApi()
    await running(api, { ttlSeconds: 60 })
    await send(api, { method: 'DELETE', url })
    expect(await shown(api)).not.toHaveProperty('expiresAt')
    expect(await api.store.schedule.expiredBefore(Date.now() + 120_000, 10)).toEqual([])
  })

  it.each([0, -1, 1.5, 315_360_001, '60', null])('of %j is refused', async (ttlSeconds) => {
    await using api = await testApi()
    const payload = { name: 'hello', compose: hello, ttlSeconds }
    const answer = await refused(api, { method: 'POST', url: '/v1/systems', payload })
    expect(answer).toMatchObject({ status: 400, body: { problems: [{ path: 'ttlSeconds' }] } })
  })
})
