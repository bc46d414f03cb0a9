import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { acceptStart, acceptStop, type Work } from '../../src/jobs/accept.ts'
import { begin, failed, heldUp, superseded } from '../../src/jobs/work.ts'
import { toContent } from '../../src/store/contents.ts'
import { LeaseLost } from '../../src/store/leases.ts'
import { createStore } from '../../src/store/store.ts'
import { redisCorner } from '../kit/redis.ts'
import { must, startRequest, t0, waitingWork } from '../kit/work.ts'

async function openStore() {
  await using stack = new AsyncDisposableStack()
  const corner = stack.use(redisCorner())
  const subscriber = new Redis(corner.url)
  stack.defer(() => subscriber.disconnect())
  const store = await createStore(corner.redis, subscriber, { prefix: corner.prefix, retentionMs: 60_000 })
  stack.use(store.changes)
  const opened = stack.move()
  return {
    ...store,
    redis: corner.redis,
    prefix: corner.prefix,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const sid = () => randomUUID().replaceAll('-', '')

describe('under a lease', () => {
  it('writes nothing that is decided by who has lost it, or has let it run out', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    const lease = { name: 'observer', holder: 'halted' }
    const write = () =>
      Promise.allSettled([
        store.works.change(work.job.id, (found) => heldUp(found, 'seen before'), { lease }),
        store.works.changeSystem('alice', 'hello', (found) => ({ ...found, hasRun: true }), lease),
      ])
    const lost = [{ reason: expect.any(LeaseLost) }, { reason: expect.any(LeaseLost) }]
    expect(await write()).toMatchObject(lost)
    await store.leases.hold('observer', 'another', 60_000)
    expect(await write()).toMatchObject(lost)
    expect(await store.works.read(work.job.id)).toEqual(work)
    await store.leases.release('observer', 'another')
    await store.leases.hold('observer', 'halted', 60_000)
    expect(await write()).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
    expect(await store.works.job(work.job.id)).toMatchObject({ message: 'seen before' })
  })
})

describe('a change of what is known', () => {
  it('is decided anew by what stands there, when that has been changed since', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    await store.works.change(work.job.id, (found) => heldUp(found, 'by another'))
    const seen: string[] = []
    const decide = (found: Work) => {
      seen.push(found.job.message)
      return heldUp(found, 'by this one')
    }
    const after = await store.works.change(work.job.id, decide, { known: work })
    expect(seen).toEqual([work.job.message, 'by another'])
    expect(await store.works.read(work.job.id)).toEqual(after)
  })

  it('is decided by what stands there, where of what is known nothing would be changed', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    await store.works.change(work.job.id, (found) => heldUp(found, 'by another'))
    const decide = (found: Work) => (found.job.message === 'by another' ? heldUp(found, 'so I see') : null)
    expect((await store.works.change(work.job.id, decide, { known: work }))?.job.message).toBe('so I see')
  })
})

describe('accepting', () => {
  it('writes the job, the system and the names that it holds', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    expect(await store.works.accept({ work, before: null, superseded: null })).toMatchObject({
      outcome: 'accepted',
    })
    expect(await store.works.read(work.job.id)).toEqual(work)
    expect(await store.redis.hgetall(`${store.prefix}:names:default`)).toEqual({ 'hello-web': 'alice/hello' })
  })

  it('names the holder of an object name that is taken, and writes nothing', async () => {
    await using store = await openStore()
    const first = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work: first, before: null, superseded: null })
    const keysBefore = (await store.redis.keys(`${store.prefix}*`)).sort()

    const identity = { tenant: 'bob', namespace: 'default', name: 'other', sid: sid() }
    const second = acceptStart(startRequest({ identity }), Date.now())
    expect(await store.works.accept({ work: second, before: null, superseded: null })).toEqual({
      outcome: 'taken',
      objectName: 'hello-web',
      holder: 'alice/hello',
    })
    expect((await store.redis.keys(`${store.prefix}*`)).sort()).toEqual(keysBefore)
  })

  it('lets one of many that want the same name have it', async () => {
    await using store = await openStore()
    const works = Array.from({ length: 20 }, () =>
      acceptStart(startRequest({ identity: { ...startRequest().identity, sid: sid() } }), Date.now()),
    )
    const answers = await Promise.all(
      works.map((work) => store.works.accept({ work, before: null, superseded: null })),
    )
    expect(answers.filter((answer) => answer.outcome === 'accepted')).toHaveLength(1)
  })

  it('stores what it refers to, and stores it again where it is gone', async () => {
    await using store = await openStore()
    const content = toContent({ services: {} })
    const key = `${store.prefix}:content:${content.hash}`
    const accept = async (name: string) => {
      const identity = { ...startRequest().identity, name, sid: sid() }
      const request = startRequest({ identity, job: sid(), objectNames: [`${name}-web`] })
      const work = acceptStart(request, Date.now())
      return store.works.accept({ work, before: null, superseded: null, contents: [content] })
    }
    expect(await accept('one')).toMatchObject({ outcome: 'accepted' })
    await store.redis.pexpire(key, 60_000)
    expect(await accept('two')).toMatchObject({ outcome: 'accepted' })
    expect(await store.redis.pttl(key)).toBeGreaterThan(60_000)
    await store.redis.del(key)
    for (const answer of await Promise.all(['three', 'four', 'five'].map(accept))) {
      expect(answer).toMatchObject({ outcome: 'accepted' })
    }
    expect(await store.redis.get(key)).toBe(content.text)
  })

  it('supersedes the start in the same moment as it accepts the stop', async () => {
    await using store = await openStore()
    const start = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work: start, before: null, superseded: null })
    const stop = acceptStop(start.system, 'zstop', 3, Date.now())
    const answer = await store.works.accept({
      work: stop,
      before: start.system,
      superseded: { before: start.job, after: superseded(start.job, 'zstop', Date.now()) },
    })
    expect(answer.outcome).toBe('accepted')
    expect(await store.works.job(start.job.id)).toMatchObject({
      status: 'canceled',
      revision: start.job.revision + 1,
    })
    expect((await store.works.system('alice', 'hello'))?.phase).toBe('stopping')
  })
})

describe('changing', () => {
  it('lets no change of two writers be lost', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    const task = must(work.job.task)
    const begun = Array.from({ length: 10 }, () =>
      store.works.change(work.job.id, (found) => begin(found, task, 1, Date.now())),
    )
    await Promise.all(begun)
    const job = must(await store.works.job(work.job.id))
    expect(job.begins).toBe(10)
    expect(job.revision).toBe(work.job.revision + 10)
  })

  it('leaves a system alone that belongs to a newer job', async () => {
    await using store = await openStore()
    const work = waitingWork()
    await store.works.accept({ work, before: null, superseded: null })
    await store.works.changeSystem('alice', 'hello', (system) => ({ ...system, job: 'newer' }))
    await store.works.change(work.job.id, (found) =>
      failed(found, { code: 'X', message: 'x', retryable: false, details: {} }, t0),
    )
    expect((await store.works.system('alice', 'hello'))?.phase).toBe('starting')
  })

  it('tells listeners of the job', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    await store.ping()
    const told = new Promise<void>((resolve) => store.changes.onJob(work.job.id, resolve))
    await store.works.change(work.job.id, (found) => heldUp(found, 'no cluster'))
    await told
  })

  it('frees the names and forgets nothing else when a start fails', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    await store.works.change(work.job.id, (found) => {
      const begun = must(begin(found, must(found.job.task), 1, Date.now()))
      return failed(begun, { code: 'X', message: 'x', retryable: false, details: {} }, Date.now())
    })
    expect(await store.redis.exists(`${store.prefix}:names:default`)).toBe(0)
    expect(await store.schedule.isEnded(work.system.sid)).toBe(true)
    expect(await store.schedule.systemOf(work.system.sid)).toBeNull()
    expect(await store.schedule.expectedBefore(Date.now(), 10)).toEqual([])
    expect(await store.redis.pttl(`${store.prefix}:job:${work.job.id}`)).toBeGreaterThan(0)
  })
})

describe('waiting', () => {
  it('is found by its incarnation, with its deadline', async () => {
    await using store = await openStore()
    const work = waitingWork()
    await store.works.accept({ work, before: null, superseded: null })
    expect(await store.schedule.waitingFor(work.system.sid)).toBe(work.job.id)
    expect(await store.schedule.deadlinesBefore(must(work.job.deadlineAt), 10)).toEqual([work.job.id])
    expect(await store.schedule.deadlinesBefore(must(work.job.deadlineAt) - 1, 10)).toEqual([])
  })
})

describe('lists', () => {
  it('pages by keyset, stable while systems are added', async () => {
    await using store = await openStore()
    const add = async (name: string) => {
      const identity = { tenant: 'alice', namespace: 'default', name, sid: sid() }
      const work = acceptStart(startRequest({ identity, objectNames: [name] }), Date.now())
      await store.works.accept({ work, before: null, superseded: null })
    }
    for (const name of ['b', 'd', 'f']) await add(name)
    const first = await store.lists.systems('alice', null, 2)
    expect(first.items.map((system) => system.name)).toEqual(['b', 'd'])
    await add('c')
    const second = await store.lists.systems('alice', first.next, 2)
    expect([second.items.map((system) => system.name), second.next]).toEqual([['f'], null])
  })
})

describe('a lease', () => {
  it('has one holder at a time, and passes on when it is released', async () => {
    await using store = await openStore()
    expect(await store.leases.hold('observer', 'a', 5000)).toBe(true)
    expect(await store.leases.hold('observer', 'b', 5000)).toBe(false)
    expect(await store.leases.hold('observer', 'a', 5000)).toBe(true)
    await store.leases.release('observer', 'b')
    expect(await store.leases.hold('observer', 'b', 5000)).toBe(false)
    await store.leases.release('observer', 'a')
    expect(await store.leases.hold('observer', 'b', 5000)).toBe(true)
  })
})

describe('content', () => {
  it('is kept once by its hash', async () => {
    await using store = await openStore()
    const hash = await store.contents.put({ a: 1 })
    expect(await store.contents.put({ a: 1 })).toBe(hash)
    expect(await store.contents.get(hash)).toEqual({ a: 1 })
    expect(await store.contents.get('missing')).toBeNull()
  })
})

describe('events', () => {
  const eventsIn = async (store: Awaited<ReturnType<typeof openStore>>, key: string) =>
    (await store.redis.xrange(`${store.prefix}:${key}`, '-', '+')).map(([, [, id, , event]]) => ({
      id,
      type: JSON.parse(event ?? '').type,
    }))

  it('are on the stream of the tenant and in the outbox with the transition that makes them', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    expect(await eventsIn(store, 'events:alice')).toEqual([])
    const told = new Promise<void>((resolve) => store.changes.onEvent('alice', resolve))
    const error = { code: 'X', message: 'x', retryable: false, details: {} }
    await store.works.change(work.job.id, (found) => failed(found, error, Date.now()))
    await told
    const events = await eventsIn(store, 'events:alice')
    expect(events).toEqual([{ id: expect.stringMatching(/^evt_[0-9a-z]{26}$/), type: 'system.failed' }])
    expect(await eventsIn(store, 'outbox')).toEqual(events)
  })

  it('are not written where somebody else was faster', async () => {
    await using store = await openStore()
    const work = acceptStart(startRequest(), Date.now())
    await store.works.accept({ work, before: null, superseded: null })
    const error = { code: 'X', message: 'x', retryable: false, details: {} }
    const fail = () =>
      store.works.change(work.job.id, (found) =>
        found.job.status === 'failed' ? null : failed(found, error, Date.now()),
      )
    await Promise.all([fail(), fail(), fail()])
    expect(await eventsIn(store, 'events:alice')).toHaveLength(1)
  })
})
