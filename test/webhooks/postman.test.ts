// From the outbox to those who want to be told: once each, whatever dies in between.

import { pino } from 'pino'
import { ulid } from 'ulid'
import { describe, expect, it } from 'vitest'
import type { EventType, Outgoing } from '../../src/jobs/event.ts'
import type { WebhookRecord } from '../../src/jobs/webhook.ts'
import { createCommit } from '../../src/store/commit.ts'
import { createKeys } from '../../src/store/keys.ts'
import { writeEvents } from '../../src/store/write-events.ts'
import { createSecret } from '../../src/webhooks/sign.ts'
import type { WorkerContext } from '../../workers/context.ts'
import { handOut, restoreDeliveries } from '../../workers/loops/postman.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { startReceiver, verify } from '../kit/receiver.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const tell = async ({ redis, prefix }: WorkerBench, events: Outgoing[]) => {
  await createCommit(redis)(writeEvents(createKeys(prefix), events))
}

const eventOf = (
  tenant: string,
  type: EventType = 'system.started',
  url: string | null = null,
): Outgoing => ({
  event: { type, timestamp: new Date().toISOString(), data: { tenant } },
  callback: url === null ? null : { url, events: null },
  trace: null,
})

async function register(
  { store }: WorkerBench,
  url: string,
  more: Partial<WebhookRecord> = {},
): Promise<WebhookRecord> {
  const webhook: WebhookRecord = {
    id: `whk_${ulid().toLowerCase()}`,
    tenant: 'alice',
    url,
    events: null,
    description: '',
    isEnabled: true,
    disabled: null,
    failingSince: null,
    secrets: { current: createSecret(), previous: null },
    createdAt: 1,
    updatedAt: 1,
    ...more,
  }
  await store.webhooks.add(webhook, 100, null)
  return webhook
}

/** What the loop is given, without a worker that runs it. */
function contextOf(bench: WorkerBench, more: Partial<WorkerContext> = {}): WorkerContext {
  const log = pino({ level: 'silent' })
  return { ...bench, orchestrator: createMemoryOrchestrator(), log, maxAttempts: 3, ...more }
}

const deliveriesTo = async ({ store }: WorkerBench, { tenant, id }: Pick<WebhookRecord, 'tenant' | 'id'>) =>
  (await store.deliveries.page(tenant, id, null, 1000)).items

describe('an event', () => {
  it('goes to the callback and to each endpoint of its tenant that is enabled and wants it', async () => {
    await using receiver = await startReceiver()
    await using bench = await openWorkerBench()
    const all = await register(bench, `${receiver.url}/all`)
    const some = await register(bench, `${receiver.url}/some`, { events: ['system.started'] })
    await register(bench, `${receiver.url}/others`, { events: ['system.failed'] })
    await register(bench, `${receiver.url}/disabled`, { isEnabled: false })
    await register(bench, `${receiver.url}/bob`, { tenant: 'bob' })
    bench.startWorker(createMemoryOrchestrator())
    await tell(bench, [eventOf('alice', 'system.started', `${receiver.url}/callback`)])
    await tell(bench, [eventOf('alice', 'batch.item.completed')])
    await waitFor('all three', () => receiver.received.length === 3)
    await waitFor('the outbox to be empty', async () => (await bench.store.outbox.size()) === 0)
    await waitFor('the ends', async () => (await bench.store.deliveries.pending()) === 0)
    expect(receiver.received.map(({ path }) => path).toSorted()).toEqual(['/all', '/callback', '/some'])
    verify(all.secrets.current, must(receiver.at('/all')[0]))
    verify(some.secrets.current, must(receiver.at('/some')[0]))
    expect(() => verify(all.secrets.current, must(receiver.at('/some')[0]))).toThrow('signature')
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
  })

  it('that nobody wants leaves nothing', async () => {
    await using bench = await openWorkerBench()
    await tell(bench, [eventOf('alice'), eventOf('bob')])
    expect(await handOut(contextOf(bench))).toBe(2)
    const keys = await bench.redis.keys(`${bench.prefix}:*`)
    expect(keys.filter((key) => /deliver|tasks/.test(key))).toEqual([])
    expect(await bench.store.outbox.size()).toBe(0)
  })

  it('is handed out once by two loops that read it at the same time', async () => {
    await using bench = await openWorkerBench()
    const webhook = await register(bench, 'https://portal.example.org/')
    await tell(
      bench,
      Array.from({ length: 50 }, () => eventOf('alice')),
    )
    await Promise.all([handOut(contextOf(bench)), handOut(contextOf(bench))])
    expect(await deliveriesTo(bench, webhook)).toHaveLength(50)
    expect(await bench.store.deliveries.pending()).toBe(50)
  })

  it('that can not be read is dropped, and the others go on', async () => {
    await using bench = await openWorkerBench()
    const webhook = await register(bench, 'https://portal.example.org/')
    await bench.redis.xadd(createKeys(bench.prefix).outbox, '*', 'id', 'no id', 'event', '{')
    await tell(bench, [eventOf('alice')])
    await handOut(contextOf(bench))
    expect(await deliveriesTo(bench, webhook)).toHaveLength(1)
    expect(await bench.store.outbox.size()).toBe(0)
  })

  it('keeps up with 10,000 of them', async () => {
    await using bench = await openWorkerBench()
    await register(bench, 'https://portal.example.org/', { tenant: 'bob' })
    const events = Array.from({ length: 10_000 }, (_, at) => eventOf(at % 10 === 0 ? 'bob' : 'alice'))
    for (let at = 0; at < events.length; at += 500) await tell(bench, events.slice(at, at + 500))
    const startedAt = performance.now()
    while ((await handOut(contextOf(bench))) > 0);
    const seconds = (performance.now() - startedAt) / 1000
    console.log(`10,000 events, 1,000 of them for an endpoint: handed out in ${seconds.toFixed(1)} s`)
    expect(await bench.store.deliveries.pending()).toBe(1_000)
    expect(seconds).toBeLessThan(30)
  })
})

describe('a delivery', () => {
  it('whose task was never put in the queue, or was lost with it, gets one', async () => {
    await using receiver = await startReceiver()
    await using bench = await openWorkerBench()
    const webhook = await register(bench, receiver.url)
    await tell(bench, [eventOf('alice')])
    const tasks = { ...bench.tasks, deliver: async () => Promise.reject(new Error('crashed')) }
    await expect(handOut(contextOf(bench, { tasks }))).rejects.toThrow('crashed')
    expect(await bench.store.outbox.size()).toBe(0)
    bench.startWorker(createMemoryOrchestrator())
    await restoreDeliveries(contextOf(bench), Date.now() + 10_000)
    await waitFor('the webhook', () => receiver.received.length > 0)
    const done = await waitFor('the end', async () => {
      const [one] = await deliveriesTo(bench, webhook)
      return one?.status === 'succeeded' ? one : null
    })
    await restoreDeliveries(contextOf(bench), Date.now() + 10_000)
    expect(await bench.tasks.restoreDelivery(done)).toBe(true)
    await waitFor(
      'the queue to be empty',
      async () => !(await bench.redis.exists(`${bench.prefix}:tasks:webhook:active`)),
    )
    expect(receiver.received).toHaveLength(1)
  })

  it('to one that answers 410 ends, disables the endpoint, and ends what else was on its way', async () => {
    await using receiver = await startReceiver()
    receiver.answer({ is: 'answer', status: 410 })
    await using bench = await openWorkerBench()
    const webhook = await register(bench, receiver.url)
    bench.startWorker(createMemoryOrchestrator())
    await tell(bench, [eventOf('alice')])
    await waitFor('the endpoint to be disabled', async () => {
      const found = await bench.store.webhooks.get('alice', webhook.id)
      return found?.disabled?.code === 'GONE' && !found.isEnabled
    })
    await tell(bench, [eventOf('alice')])
    await waitFor('the outbox to be empty', async () => (await bench.store.outbox.size()) === 0)
    const [delivery, ...more] = await deliveriesTo(bench, webhook)
    expect(more).toEqual([])
    expect(delivery).toMatchObject({ status: 'failed', attempts: [{ status: 410 }] })
  })

  it('to a receiver that never answers does not delay those to others', async () => {
    await using dead = await startReceiver()
    dead.answer({ is: 'silent' })
    await using receiver = await startReceiver()
    await using bench = await openWorkerBench()
    await register(bench, dead.url)
    await register(bench, receiver.url, { tenant: 'bob' })
    bench.startWorker(createMemoryOrchestrator(), { places: 4 })
    await tell(
      bench,
      Array.from({ length: 200 }, () => eventOf('alice')),
    )
    await waitFor('the dead one to be asked', () => dead.received.length > 0)
    const startedAt = Date.now()
    await tell(
      bench,
      Array.from({ length: 20 }, () => eventOf('bob')),
    )
    await waitFor('all of the other', () => receiver.received.length === 20, { intervalMs: 20 })
    // An attempt at the dead one takes two seconds here, and there are two hundred.
    expect(Date.now() - startedAt).toBeLessThan(20_000)
    expect(dead.received.length).toBeLessThan(100)
  })

  it('is signed by both secrets after a rotation', async () => {
    await using receiver = await startReceiver()
    await using bench = await openWorkerBench()
    const [current, previous] = [createSecret(), createSecret()]
    await register(bench, receiver.url, {
      secrets: { current, previous: { secret: previous, until: Date.now() + 60_000 } },
    })
    bench.startWorker(createMemoryOrchestrator())
    await tell(bench, [eventOf('alice')])
    const received = await waitFor('the webhook', () => receiver.received[0])
    verify(current, received)
    verify(previous, received)
  })

  it('has no secret in its task, its record or its log', async () => {
    await using receiver = await startReceiver()
    receiver.answer({ is: 'answer', status: 500 })
    await using bench = await openWorkerBench()
    const { secrets, id } = await register(bench, receiver.url)
    await tell(bench, [eventOf('alice')])
    await handOut(contextOf(bench))
    for (const key of await bench.redis.keys(`${bench.prefix}:*`)) {
      if (key.endsWith(':webhooks:alice')) continue
      const type = await bench.redis.type(key)
      const text = type === 'hash' ? JSON.stringify(await bench.redis.hgetall(key)) : ''
      expect(text).not.toContain(secrets.current)
    }
    expect(await deliveriesTo(bench, { tenant: 'alice', id })).toHaveLength(1)
  })
})
