// One event on its way to one endpoint: its attempts, and when the next is due. Pure; the clock is an argument.
//
//   pending -> (an attempt ->) ... -> succeeded | failed -> (redelivered ->) pending -> ...
//
// Invariant: `nextAttemptAt` is set exactly while it is pending.
import type { EventType } from './event.ts'

/** `webhook.ping` is sent on request, to try an endpoint; nothing has happened. */
export type DeliveredType = EventType | 'webhook.ping'

export type DeliveryStatus = 'pending' | 'succeeded' | 'failed'

export const deliveryStatuses = ['pending', 'succeeded', 'failed'] as const satisfies DeliveryStatus[]

/** Times are milliseconds. `status` null: there was no answer, and `error` says why. `answer`: its beginning. */
export type Attempt = {
  at: number
  durationMs: number
  status: number | null
  error: { code: string; message: string } | null
  answer: string | null
}

export type DeliveryRecord = {
  /** `<event>.<endpoint>`: the same event is told an endpoint by one delivery. */
  id: string
  tenant: string
  /** Null: the callback of a request. */
  webhook: string | null
  url: string
  event: { id: string; type: DeliveredType }
  job: string | null
  /** W3C `traceparent` of the request that the event comes from. */
  trace: string | null
  /** A ping is tried once. */
  isOnce: boolean
  revision: number
  /** Counts the schedules that were begun: a redelivery begins another. */
  round: number
  /** Attempts of this round. */
  tries: number
  /** The newest ones, of all rounds. */
  attempts: Attempt[]
  status: DeliveryStatus
  /** Why it is not tried any more, where an attempt does not say it. */
  error: { code: string; message: string } | null
  nextAttemptAt: number | null
  createdAt: number
  finishedAt: number | null
}

/** Endpoint part of the id of a delivery to a request's callback. */
export const callbackEndpoint = 'callback'

/** The schedules of a delivery and of two redeliveries have room. */
const keptAttempts = 30

export function newDelivery(
  given: Pick<DeliveryRecord, 'tenant' | 'webhook' | 'url' | 'event' | 'job' | 'trace'> & {
    isOnce?: boolean
  },
  now: number,
): DeliveryRecord {
  return {
    isOnce: false,
    ...given,
    id: `${given.event.id}.${given.webhook ?? callbackEndpoint}`,
    revision: 1,
    round: 1,
    tries: 0,
    attempts: [],
    status: 'pending',
    error: null,
    nextAttemptAt: now,
    createdAt: now,
    finishedAt: null,
  }
}

export function isSuccess({ status }: Pick<Attempt, 'status'>): boolean {
  return status !== null && status >= 200 && status < 300
}

/** 410: the receiver wants no more of it. */
export function isGone({ status }: Pick<Attempt, 'status'>): boolean {
  return status === 410
}

/**
 * What an attempt has come to. `pauseMs` answers how long to wait before the attempt of this number (from 0), or null
 * where the schedule has ended; `askedMs` is what the receiver asks for (`Retry-After`).
 */
export function attempted(
  delivery: DeliveryRecord,
  attempt: Attempt,
  next: { pauseMs: (tries: number) => number | null; askedMs: number },
  now: number,
): DeliveryRecord {
  const tries = delivery.tries + 1
  const attempts = [...delivery.attempts, attempt].slice(-keptAttempts)
  const after = { ...delivery, tries, attempts }
  if (isSuccess(attempt)) return finished(after, 'succeeded', null, now)
  if (isGone(attempt)) return finished(after, 'failed', null, now)
  const pauseMs = delivery.isOnce ? null : next.pauseMs(tries)
  if (pauseMs === null) return finished(after, 'failed', null, now)
  return { ...after, nextAttemptAt: now + Math.max(pauseMs, next.askedMs) }
}

/** Ends without an attempt. */
export function givenUp(delivery: DeliveryRecord, error: { code: string; message: string }, now: number) {
  return finished(delivery, 'failed', error, now)
}

/** Begins the schedule anew; null while one runs. */
export function redelivered(delivery: DeliveryRecord, now: number): DeliveryRecord | null {
  if (delivery.status === 'pending') return null
  const { round } = delivery
  return {
    ...delivery,
    round: round + 1,
    tries: 0,
    status: 'pending',
    error: null,
    nextAttemptAt: now,
    finishedAt: null,
  }
}

function finished(
  delivery: DeliveryRecord,
  status: 'succeeded' | 'failed',
  error: DeliveryRecord['error'],
  now: number,
): DeliveryRecord {
  return { ...delivery, status, error, nextAttemptAt: null, finishedAt: now }
}
