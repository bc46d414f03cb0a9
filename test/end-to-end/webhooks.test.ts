// Webhooks with real processes and real pods: the callback of a start has the ports that were assigned, and comes although
// the worker dies that was sending it.
import { expect, it } from 'vitest'
import type { Delivery, DeliveryPage, NewWebhook, WebhookSecret } from '../../src/api/schemas/webhook.ts'
import { createNamespace, testCluster } from '../kit/cluster/cluster.ts'
import { waitForOk } from '../kit/http.ts'
import { startReceiver, verify } from '../kit/receiver.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'

const hello = { compose: { services: { hello: { image: 'demo/hello', ports: ['8888'] } } } }

type Told = { job: { id: string; result: { endpoints: { url: string; port: number }[] } } }

async function openBench(environment: Record<string, string> = {}) {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('webhooks'))
  const receiver = opening.use(await startReceiver())
  const tycho = opening.use(
    await startTycho({
      kubeconfig: testCluster().kubeconfig,
      namespace: namespace.name,
      environment: {
        TYCHO_WEBHOOK_ALLOW: '127.0.0.1',
        TYCHO_WEBHOOK_SCHEDULE: '0,1,1,1,1,1,1,1,1,1',
        ...environment,
      },
    }),
  )
  const { secret } = (await tycho.send<WebhookSecret>('GET', '/v1/webhooks/secret')).body
  const opened = opening.move()
  return { tycho, receiver, secret, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

it('a start with a callback ends in a signed webhook with a port that answers', async () => {
  await using bench = await openBench()
  const { tycho, receiver, secret } = bench
  const endpoint = (
    await tycho.send<NewWebhook>('POST', '/v1/webhooks', {
      url: `${receiver.url}/all`,
      events: ['system.stopped'],
    })
  ).body
  const job = await tycho.start({ name: 'told', ...hello, callbackUrl: `${receiver.url}/callback` })
  const received = await waitFor('the webhook', () => receiver.at('/callback')[0], { timeoutMs: 90_000 })
  verify(secret, received)
  expect(received.body).toMatchObject({ type: 'system.started', data: { system: { name: 'told' } } })
  const told = received.body.data as Told
  expect(told.job.id).toBe(job.id)
  const { url, port } = must(told.job.result.endpoints[0])
  expect(port).toBeGreaterThanOrEqual(30_000)
  expect(await waitForOk(url)).toContain('Hello Tycho')
  await tycho.stop('told')
  const stopped = await waitFor('the webhook of the stop', () => receiver.at('/all')[0])
  verify(endpoint.secret, stopped)
  expect(stopped.body.type).toBe('system.stopped')
  const { deliveries } = (
    await tycho.send<DeliveryPage>('GET', `/v1/webhooks/callbacks/deliveries?job=${job.id}`)
  ).body
  expect(deliveries).toMatchObject([{ status: 'succeeded', attempts: [{ status: 204 }] }])
})

it('a worker that is killed while it sends has sent nothing in vain: another one does', async () => {
  await using bench = await openBench()
  const { tycho, receiver, secret } = bench
  receiver.answer({ is: 'silent' })
  const job = await tycho.start({ name: 'killed', ...hello, callbackUrl: receiver.url })
  const first = await waitFor('the first attempt', () => receiver.received[0], { timeoutMs: 90_000 })
  tycho.startWorker()
  await tycho.workers[0]?.kill()
  receiver.answer({ is: 'answer', status: 204 })
  const second = await waitFor('the webhook again', () => receiver.received[1], { timeoutMs: 60_000 })
  verify(secret, second)
  expect(second.id).toBe(first.id)
  expect((second.body.data as Told).job.id).toBe(job.id)
  const delivery = await waitFor('the delivery to be written', async () => {
    const path = `/v1/webhooks/callbacks/deliveries?job=${job.id}`
    const [one] = (await tycho.send<DeliveryPage>('GET', path)).body.deliveries
    return one?.status === 'succeeded' ? (one satisfies Delivery) : null
  })
  expect(delivery.event.id).toBe(first.id)
})
