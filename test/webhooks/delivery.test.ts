// From the end of a job to a signed request at a receiver: real workers, a real Redis, a receiver on loopback.
import { describe, expect, it } from 'vitest'
import type { DeliveryRecord } from '../../src/jobs/delivery.ts'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { createSecret } from '../../src/webhooks/sign.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { type Receiver, startReceiver, verify } from '../kit/receiver.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const callbackTo = (url: string) => ({ origin: { ...PLAIN_ORIGIN, callback: { url, events: null } } })

const secretOf = async ({ store }: WorkerBench) =>
  (await store.webhooks.secrets('alice', createSecret)).current

/** The newest delivery to the callbacks of alice's requests, once it is so. */
function deliveryWhen(bench: WorkerBench, isSo: (one: DeliveryRecord) => boolean): Promise<DeliveryRecord> {
  return waitFor('the delivery', async () => {
    const { items } = await bench.store.deliveries.page('alice', 'callback', null, 1)
    return items.find(isSo)
  })
}

const first = (receiver: Receiver) => waitFor('a webhook', () => receiver.received[0])

describe('the callback of a request', () => {
  it('is told how its job has ended, signed with the secret of the tenant', async () => {
    await using receiver = await startReceiver()
    await using bench = await openWorkerBench()
    bench.startWorker(createMemoryOrchestrator())
    const { job } = await bench.start(callbackTo(`${receiver.url}/hook?of=portal`))
    const received = await first(receiver)
    verify(await secretOf(bench), received)
    expect(() => verify(createSecret(), received)).toThrow('signature')
    expect(received.path).toBe('/hook?of=portal')
    expect(received.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Tycho/0',
    })
    expect(received.id).toMatch(/^evt_[0-9a-z]{26}$/)
    expect(received.body).toMatchObject({
      type: 'system.started',
      data: {
        tenant: 'alice',
        system: { name: 'hello', phase: 'running' },
        job: { id: job.id, status: 'succeeded', result: { endpoints: [] } },
      },
    })
    const delivery = await deliveryWhen(bench, ({ status }) => status === 'succeeded')
    expect(delivery).toMatchObject({
      event: { id: received.id, type: 'system.started' },
      job: job.id,
      attempts: [{ status: 204, error: null }],
    })
    expect(receiver.received).toHaveLength(1)
    expect(await bench.store.outbox.size()).toBe(0)
    expect(await bench.store.deliveries.pending()).toBe(0)
  })

  it('is told again by the schedule while it fails, under the same id', async () => {
    await using receiver = await startReceiver()
    receiver.answer({ is: 'answer', status: 500, body: 'out of order' })
    await using bench = await openWorkerBench()
    bench.startWorker(createMemoryOrchestrator())
    await bench.start(callbackTo(receiver.url))
    const delivery = await deliveryWhen(bench, ({ status }) => status !== 'pending')
    expect(delivery.status).toBe('failed')
    expect(delivery.attempts).toHaveLength(3)
    expect(delivery.attempts[0]).toMatchObject({
      status: 500,
      error: { code: 'REFUSED' },
      answer: 'out of order',
    })
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1)
    expect(receiver.received).toHaveLength(3)
    for (const received of receiver.received) verify(await secretOf(bench), received)
    expect(must(receiver.received[1]).at - must(receiver.received[0]).at).toBeGreaterThanOrEqual(50)
  })
})
