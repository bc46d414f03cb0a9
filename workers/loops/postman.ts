// Loop: hands each event of the outbox out to those who want to be told of it, as deliveries with their tasks; and gives
// a delivery that lost its task another one.
//
// An event leaves the outbox in the script that writes its deliveries, so that it is handed out once, whatever dies when.
// A crash between that and the enqueue leaves deliveries that are due and have no task: those are what is repaired.
import { type DeliveryRecord, newDelivery } from '../../src/jobs/delivery.ts'
import { type Outgoing, wants } from '../../src/jobs/event.ts'
import type { WebhookRecord } from '../../src/jobs/webhook.ts'
import { createBell } from '../../src/store/bell.ts'
import type { OutboxEntry } from '../../src/store/outbox.ts'
import type { WorkerContext } from '../context.ts'

const chunk = 500

/** Changes are told; this is for what was told while nobody listened. */
const pollMs = 1_000

const repairEveryMs = 5_000

/** An attempt that was due so long ago should have been made or put off. */
const lostAfterMs = 5_000

export async function carryOut(context: WorkerContext, signal: AbortSignal): Promise<void> {
  const { changes } = context.store
  using bell = createBell([signal])
  const listening = [changes.onOutgoing(bell.ring), changes.onMissed(bell.ring)]
  let repairedAt = 0
  try {
    while (!signal.aborted) {
      const isMore = (await handOut(context)) === chunk
      if (Date.now() - repairedAt > repairEveryMs) {
        repairedAt = Date.now()
        await restoreDeliveries(context, repairedAt)
      }
      if (!isMore) await bell.rung(pollMs)
    }
  } finally {
    for (const stop of listening) stop()
  }
}

/** Hands out the oldest events; answers how many there were. */
export async function handOut(context: WorkerContext): Promise<number> {
  const { store, tasks, log } = context
  const entries = await store.outbox.read(chunk)
  if (entries.length === 0) return 0
  const webhooks = await store.webhooks.allOf(tenantsOf(entries))
  const now = Date.now()
  const planned = entries.map(({ entry, id, outgoing }) => {
    if (!outgoing) log.error({ event: id }, 'an event that can not be read was dropped')
    return { entry, outgoing, deliveries: outgoing ? plan(id, outgoing, webhooks, now) : [] }
  })
  await store.outbox.drop(
    planned.filter(({ deliveries }) => deliveries.length === 0).map(({ entry }) => entry),
  )
  const written = await Promise.all(
    planned.map(async ({ entry, outgoing, deliveries }) => {
      if (deliveries.length === 0) return []
      const isOurs = await store.outbox.take(entry, deliveries, JSON.stringify(outgoing?.event), now)
      return isOurs ? deliveries : []
    }),
  )
  const deliveries = written.flat()
  for (let at = 0; at < deliveries.length; at += chunk) await tasks.deliver(deliveries.slice(at, at + chunk))
  return entries.length
}

function tenantsOf(entries: readonly OutboxEntry[]): string[] {
  return [...new Set(entries.flatMap(({ outgoing }) => outgoing?.event.data.tenant ?? []))]
}

/** The callback of the request, and each endpoint of the tenant that wants events of this type. */
function plan(
  id: string,
  { event, callback, trace }: Outgoing,
  webhooks: ReadonlyMap<string, WebhookRecord[]>,
  now: number,
): DeliveryRecord[] {
  const { tenant } = event.data
  const common = { tenant, event: { id, type: event.type }, job: jobOf(event.data), trace }
  const wanting = (webhooks.get(tenant) ?? []).filter((one) => one.isEnabled && wants(one, event.type))
  return [
    ...(callback ? [newDelivery({ ...common, webhook: null, url: callback.url }, now)] : []),
    ...wanting.map((one) => newDelivery({ ...common, webhook: one.id, url: one.url }, now)),
  ]
}

function jobOf(data: Record<string, unknown>): string | null {
  const { job } = data as { job?: { id?: unknown } }
  return typeof job?.id === 'string' ? job.id : null
}

/** `now` and the time since when one counts as lost: milliseconds since the epoch. */
export async function restoreDeliveries({ store, tasks, log }: WorkerContext, now: number): Promise<void> {
  for (const id of await store.deliveries.dueBefore(now - lostAfterMs, chunk)) {
    const delivery = await store.deliveries.get(id)
    if (!delivery || delivery.nextAttemptAt === null) {
      await store.deliveries.forgetDue(id)
      continue
    }
    if (await tasks.restoreDelivery(delivery))
      log.warn({ delivery: id }, 'a delivery had lost its task; it has one again')
    await store.deliveries.postponeDue(id, now)
  }
}
