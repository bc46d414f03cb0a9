// Jobs, systems and a tenant's events, followed by an independent client of server-sent events over real HTTP.
import { describe, expect, inject, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import { eventTypes, type SystemEventData, type TychoEvent } from '../../src/jobs/event.ts'
import type { Job } from '../../src/jobs/job.ts'
import { startRedisProxy } from '../kit/redis-proxy.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { fail, finish, hello, send, start, type TestApi, testApi } from './kit.ts'
import { follow, type Received } from './stream-client.ts'

const listen = (api: TestApi) => api.app.listen({ host: '127.0.0.1', port: 0 })

const say = (api: TestApi, id: string, message: string) =>
  api.store.works.change(id, (work) => ({ ...work, job: { ...work.job, message } }))

const jobOf = ({ data }: Received) => data as Job
const systemOf = ({ data }: Received) => data as System
const namesOf = (received: readonly Received[]) => received.map(({ event }) => event)

describe('GET /v1/jobs/{id}/events', () => {
  it('tells the present state, each change in order, and done at the end', async () => {
    await using api = await testApi()
    const { id, revision } = await start(api, { compose: hello })
    using client = follow(`${await listen(api)}/v1/jobs/${id}/events`, ['job', 'done'])
    await client.has(1)
    await say(api, id, 'one')
    await client.has(2)
    await say(api, id, 'two')
    await client.has(3)
    await finish(api, id)
    const received = await client.has(5)
    expect(namesOf(received)).toEqual(['job', 'job', 'job', 'job', 'done'])
    expect(received.map((one) => Number(one.id) - revision)).toEqual([0, 1, 2, 3, 3])
    expect(received.map((one) => jobOf(one).progress.message)).toEqual([
      'waits for a worker',
      'one',
      'two',
      'started',
      'started',
    ])
    expect(jobOf(must(received.at(-1)))).toMatchObject({
      done: true,
      result: { endpoints: [{ port: 30080 }] },
    })
    await waitFor('the server to forget it', () => api.waiting() === 0)
  })

  it('tells a client that comes back the present state first', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const url = `${await listen(api)}/v1/jobs/${id}/events`
    using first = follow(url, ['job'])
    const [seen] = await first.has(1)
    first[Symbol.dispose]()
    await say(api, id, 'meanwhile')
    using second = follow(url, ['job'], { 'last-event-id': must(seen).id })
    expect(jobOf(must((await second.has(1))[0])).progress.message).toBe('meanwhile')
  })

  it('tells of a job that is done its state and done', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    await fail(api, id, 'IMAGE_NOT_FOUND', 'no such image')
    using client = follow(`${await listen(api)}/v1/jobs/${id}/events`, ['job', 'done'])
    const received = await client.has(2)
    expect(namesOf(received)).toEqual(['job', 'done'])
    expect(jobOf(must(received[1])).error).toMatchObject({ code: 'IMAGE_NOT_FOUND' })
  })

  it('knows no job of another tenant', async () => {
    await using bob = await testApi({ anonymousTenant: 'bob' })
    await using alice = await testApi({ redis: { url: inject('redisUrl'), prefix: bob.prefix } })
    const { id } = await start(bob, { compose: hello })
    using client = follow(`${await listen(alice)}/v1/jobs/${id}/events`, ['job'])
    expect(await waitFor('a refusal', () => client.refusedWith())).toBe(404)
  })

  it('loses no change while its connection to Redis is cut', async () => {
    const port = Number(new URL(inject('redisUrl')).port)
    await using proxy = await startRedisProxy(port)
    await using direct = await testApi()
    await using api = await testApi({ redis: { url: proxy.url, prefix: direct.prefix } })
    const { id } = await start(direct, { compose: hello })
    using client = follow(`${await listen(api)}/v1/jobs/${id}/events`, ['job', 'done'])
    await client.has(1)
    proxy.cutConnections()
    await finish(direct, id)
    expect(namesOf(await client.has(3))).toEqual(['job', 'job', 'done'])
    expect(client.opened()).toBe(1)
  })

  it('reads a change once for all who follow the job', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const url = `${await listen(api)}/v1/jobs/${id}/events`
    const clients = Array.from({ length: 20 }, () => follow(url, ['job', 'done']))
    for (const client of clients) await client.has(1)
    const monitor = await api.redis.duplicate().monitor()
    let reads = 0
    monitor.on('monitor', (_time: string, [command, key]: string[]) => {
      if (command?.toLowerCase() === 'hget' && key?.endsWith(`:job:${id}`)) reads += 1
    })
    await finish(api, id)
    for (const client of clients) expect(namesOf(await client.has(3))).toEqual(['job', 'job', 'done'])
    monitor.disconnect()
    // One of the change itself, one for all clients, and one more for those that heard of it in another turn.
    expect(reads).toBeLessThanOrEqual(4)
  })
})

describe('GET /v1/systems/{name}/events', () => {
  it('tells the present state and each change, over a stop and a new incarnation', async () => {
    await using api = await testApi()
    const first = await start(api, { name: 'hello', compose: hello })
    using client = follow(`${await listen(api)}/v1/systems/hello/events`, ['system', 'gone'])
    await client.has(1)
    await finish(api, first.id)
    await client.has(2)
    await send(api, { method: 'DELETE', url: '/v1/systems/hello' })
    await client.has(3)
    await finish(api, must(api.enqueued.at(-1)).id)
    await client.has(4)
    const second = await start(api, { name: 'hello', compose: hello })
    const states = (await client.has(5)).map(systemOf)
    expect(states.map(({ phase }) => phase)).toEqual([
      'starting',
      'running',
      'stopping',
      'stopped',
      'starting',
    ])
    expect(states.map(({ sid }) => sid)).toEqual([...Array(4).fill(first.system.sid), second.system.sid])
    const ids = client.received.map(({ id }) => Number(id))
    expect(ids).toEqual(ids.toSorted((one, other) => one - other))
  })

  it('ends when the system is kept no longer', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    using client = follow(`${await listen(api)}/v1/systems/hello/events`, ['system', 'gone'])
    await client.has(1)
    await api.redis.del(`${api.prefix}:system:alice:hello`)
    await api.redis.publish(`${api.prefix}:changed:system`, 'alice/hello')
    expect((await client.has(2))[1]).toMatchObject({ event: 'gone', data: { name: 'hello' } })
    expect(await waitFor('a refusal of the return', () => client.refusedWith())).toBe(404)
  })
})

describe('GET /v1/events', () => {
  const all = ['ready', 'gap', ...Object.keys(eventTypes)]
  const eventOf = ({ data }: Received) => data as TychoEvent<SystemEventData> & { id: string }

  it('tells what happens to the systems of the tenant, and to no others', async () => {
    await using api = await testApi()
    await using bob = await testApi({
      anonymousTenant: 'bob',
      redis: { url: inject('redisUrl'), prefix: api.prefix },
    })
    using client = follow(`${await listen(api)}/v1/events`, all)
    await client.has(1)
    await finish(bob, (await start(bob, { name: 'theirs', compose: hello })).id)
    const { id } = await start(api, { name: 'mine', compose: hello })
    await finish(api, id)
    const received = await client.has(2)
    expect(namesOf(received)).toEqual(['ready', 'system.started'])
    expect(eventOf(must(received[1]))).toMatchObject({
      id: expect.stringMatching(/^evt_/),
      type: 'system.started',
      timestamp: expect.any(String),
      data: { tenant: 'alice', system: { name: 'mine' }, job: { id, status: 'succeeded' } },
    })
  })

  it('goes on where a client was, without loss, also before its first event', async () => {
    await using api = await testApi()
    const url = `${await listen(api)}/v1/events`
    const names = Array.from({ length: 120 }, (_, index) => `s${index}`)
    let last = ''
    for (const part of [names.slice(0, 1), names.slice(1, 3), names.slice(3)]) {
      using before = follow(url, all, last ? { 'last-event-id': last } : {})
      last = must((await before.has(1)).at(-1)).id
      before[Symbol.dispose]()
      for (const name of part) await finish(api, (await start(api, { name, compose: hello })).id)
      using after = follow(url, all, { 'last-event-id': last })
      const received = await after.has(1 + part.length)
      expect(received.slice(1).map((one) => eventOf(one).data.system.name)).toEqual(part)
      last = must(received.at(-1)).id
    }
  })

  it('tells only the types that are asked for', async () => {
    await using api = await testApi()
    const url = await listen(api)
    using one = follow(`${url}/v1/events?type=system.failed`, all)
    using two = follow(`${url}/v1/events?type=system.failed&type=system.started`, all)
    for (const client of [one, two]) await client.has(1)
    await finish(api, (await start(api, { name: 'a', compose: hello })).id)
    await fail(api, (await start(api, { name: 'b', compose: hello })).id, 'X', 'x')
    expect(namesOf(await two.has(3))).toEqual(['ready', 'system.started', 'system.failed'])
    expect(namesOf(await one.has(2))).toEqual(['ready', 'system.failed'])
    expect((await fetch(`${url}/v1/events?type=system.eaten`)).status).toBe(400)
  })

  it('says when events are lost, and refuses a place that is none', async () => {
    await using api = await testApi()
    const url = `${await listen(api)}/v1/events`
    await finish(api, (await start(api, { name: 'a', compose: hello })).id)
    using client = follow(url, all, { 'last-event-id': '5-0' })
    expect(namesOf(await client.has(3))).toEqual(['ready', 'gap', 'system.started'])
    for (const place of ['x', '1', '1-', '99999999999999999999-0']) {
      expect((await fetch(url, { headers: { 'last-event-id': place } })).status).toBe(400)
    }
  })

  it('loses no event while its connection to Redis is cut', async () => {
    const port = Number(new URL(inject('redisUrl')).port)
    await using proxy = await startRedisProxy(port)
    await using direct = await testApi()
    await using api = await testApi({ redis: { url: proxy.url, prefix: direct.prefix } })
    using client = follow(`${await listen(api)}/v1/events`, all)
    await client.has(1)
    proxy.cutConnections()
    await finish(direct, (await start(direct, { name: 'a', compose: hello })).id)
    expect(namesOf(await client.has(2))).toEqual(['ready', 'system.started'])
    expect(client.opened()).toBe(1)
  })
})
