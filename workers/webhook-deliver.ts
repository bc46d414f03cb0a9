// Task webhook.deliver: makes the attempt that is due, writes what came of it, and comes back for the next one.
import {
  attempted,
  callbackEndpoint,
  type DeliveryRecord,
  givenUp,
  isGone,
  isSuccess,
} from '../src/jobs/delivery.ts'
import { afterAttempt, signingSecrets } from '../src/jobs/webhook.ts'
import type { Handler, Outcome } from '../src/tasks/consume.ts'
import { createFairShare, type FairShare } from '../src/webhooks/fair-share.ts'
import { createSchedule } from '../src/webhooks/schedule.ts'
import type { Message, Sender, Sent } from '../src/webhooks/send.ts'
import { createSecret } from '../src/webhooks/sign.ts'
import type { WorkerContext } from './context.ts'

export type DeliverOptions = {
  send: Sender['send']
  /** Pauses before each attempt, in milliseconds. */
  scheduleMs: readonly number[]
  /** Attempts that one worker makes at the same time. */
  places: number
}

type Target = { url: string; secrets: string[] }

const done: Outcome = { outcome: 'done' }

export function createDeliverHandler(
  context: WorkerContext,
  { send, scheduleMs, places }: DeliverOptions,
): Handler<'webhook.deliver'> {
  const pauseMs = createSchedule(scheduleMs)
  const share = createFairShare({ places })
  const { deliveries } = context.store
  return async ({ delivery: id }, { closing }) => {
    const delivery = await deliveries.get(id)
    if (!delivery || delivery.nextAttemptAt === null) {
      await deliveries.forgetDue(id)
      return done
    }
    const early = delivery.nextAttemptAt - Date.now()
    if (early > 0) return { outcome: 'later', delayMs: early }
    if (closing.aborted) return { outcome: 'handedBack' }
    const target = await targetOf(context, delivery)
    if (!target) return done
    const place = enter(share, delivery, target)
    if (place.outcome === 'full') return { outcome: 'later', delayMs: place.delayMs }
    try {
      const body = (await deliveries.body(id)) ?? ''
      const sent = await sendTraced(context, delivery, send, { ...target, id: delivery.event.id, body })
      return await settle(context, delivery, sent, pauseMs)
    } finally {
      place.leave()
    }
  }
}

/** Part of the trace of what has happened, which the receiver can go on with. */
function sendTraced(
  { tracing, metrics }: WorkerContext,
  { event, trace, tries }: DeliveryRecord,
  send: Sender['send'],
  message: Message,
): Promise<Sent> {
  const attributes = { 'tycho.event': event.id, 'tycho.event.type': event.type, 'tycho.attempt': tries + 1 }
  return tracing.span('webhook.deliver', { kind: 'client', parent: trace, attributes }, async (span) => {
    const sent = await send({ ...message, traceparent: span.traceparent })
    const { status, error } = sent.attempt
    if (status !== null) span.set({ 'http.response.status_code': status })
    if (error) span.fail(error.code)
    metrics.delivery(error ? error.code.toLowerCase() : 'delivered')
    return sent
  })
}

/** Where it goes now, and what signs it. Null: nowhere any more; then it has ended. */
async function targetOf({ store, log }: WorkerContext, delivery: DeliveryRecord): Promise<Target | null> {
  const { id, tenant, webhook } = delivery
  const now = Date.now()
  if (webhook === null) {
    const secrets = await store.webhooks.secrets(tenant, createSecret)
    return { url: delivery.url, secrets: signingSecrets(secrets, now) }
  }
  const endpoint = await store.webhooks.get(tenant, webhook)
  if (endpoint && (endpoint.isEnabled || delivery.isOnce))
    return { url: endpoint.url, secrets: signingSecrets(endpoint.secrets, now) }
  const error = endpoint
    ? { code: 'ENDPOINT_DISABLED', message: 'The endpoint is disabled; enable it, then deliver this again' }
    : { code: 'ENDPOINT_DELETED', message: 'The endpoint was deleted' }
  await store.deliveries.change(id, (found) =>
    found.nextAttemptAt === null ? null : givenUp(found, error, now),
  )
  log.info({ delivery: id, tenant, code: error.code }, 'a webhook is not delivered')
  return null
}

/** Callbacks are told apart by their host: what is slow is a server. */
function enter(share: FairShare, { tenant, webhook }: DeliveryRecord, { url }: Target) {
  return share.enter(tenant, webhook ?? `${callbackEndpoint}:${URL.parse(url)?.host}`)
}

/** Unless another worker, to whom the task went meanwhile, was faster: then its attempt is what counts. */
async function settle(
  context: WorkerContext,
  before: DeliveryRecord,
  { attempt, askedMs }: Sent,
  pauseMs: (tries: number) => number | null,
): Promise<Outcome> {
  const after = await context.store.deliveries.change(before.id, (found) =>
    found.nextAttemptAt === null || found.round !== before.round || found.tries !== before.tries
      ? null
      : attempted(found, attempt, { pauseMs, askedMs }, Date.now()),
  )
  if (!after) return done
  logAttempt(context, after)
  if (before.webhook !== null) await judgeEndpoint(context, before.tenant, before.webhook, attempt)
  return after.nextAttemptAt === null
    ? done
    : { outcome: 'later', delayMs: Math.max(0, after.nextAttemptAt - Date.now()) }
}

function logAttempt({ log }: WorkerContext, { id, tenant, event, status, tries, attempts }: DeliveryRecord) {
  const {
    durationMs,
    status: answer,
    error,
  } = attempts.at(-1) ?? { durationMs: 0, status: null, error: null }
  const details = { delivery: id, tenant, type: event.type, tries, durationMs, answer }
  if (status === 'succeeded') log.info(details, 'webhook delivered')
  else if (status === 'failed') log.warn({ ...details, code: error?.code }, 'webhook given up')
  else log.info({ ...details, code: error?.code }, 'webhook not delivered; trying again later')
}

async function judgeEndpoint(
  { store, log }: WorkerContext,
  tenant: string,
  webhook: string,
  attempt: Sent['attempt'],
): Promise<void> {
  const outcome = { isSuccess: isSuccess(attempt), isGone: isGone(attempt) }
  const after = await store.webhooks.change(tenant, webhook, (found) => {
    if (found.failingSince === null && outcome.isSuccess) return null
    return afterAttempt(found, outcome, Date.now())
  })
  if (after && !after.isEnabled && after.disabled?.at === after.updatedAt)
    log.warn({ tenant, webhook, code: after.disabled.code }, 'a webhook endpoint was disabled')
}
