// Webhooks and deliveries as the contract shows them: secrets only where a route asks for them by name.
import type { Attempt, DeliveryRecord } from '../jobs/delivery.ts'
import { toTime } from '../jobs/job-view.ts'
import type { Secrets, WebhookRecord } from '../jobs/webhook.ts'
import type { Delivery, NewWebhook, Webhook, WebhookSecret } from './schemas/webhook.ts'

export function toWebhook(record: WebhookRecord): Webhook {
  const { id, url, events, description, isEnabled, disabled, failingSince, createdAt, updatedAt } = record
  return {
    id,
    url,
    ...(events && { events: [...events] }),
    description,
    enabled: isEnabled,
    ...(disabled && { disabled: { ...disabled, at: toTime(disabled.at) } }),
    ...(failingSince !== null && { failingSince: toTime(failingSince) }),
    createdAt: toTime(createdAt),
    updatedAt: toTime(updatedAt),
  }
}

export function toSecret({ current, previous }: Secrets, now: number): WebhookSecret {
  const isValid = previous !== null && previous.until > now
  return { secret: current, ...(isValid && { previousValidUntil: toTime(previous.until) }) }
}

export function toNewWebhook(record: WebhookRecord, now: number): NewWebhook {
  return { ...toWebhook(record), ...toSecret(record.secrets, now) }
}

/** `retentionMs` says how long it is kept after its end. */
export function toDelivery(record: DeliveryRecord, retentionMs: number): Delivery {
  const { id, webhook, url, event, job, status, error, nextAttemptAt, createdAt, finishedAt } = record
  return {
    id,
    ...(webhook !== null && { webhook }),
    url,
    event,
    ...(job !== null && { job }),
    status,
    attempts: record.attempts.map(toAttempt),
    ...(error && { error }),
    ...(nextAttemptAt !== null && { nextAttemptAt: toTime(nextAttemptAt) }),
    createdAt: toTime(createdAt),
    ...(finishedAt !== null && {
      finishedAt: toTime(finishedAt),
      keptUntil: toTime(finishedAt + retentionMs),
    }),
  }
}

function toAttempt({ at, durationMs, status, error, answer }: Attempt): Delivery['attempts'][number] {
  return {
    at: toTime(at),
    durationMs,
    ...(status !== null && { status }),
    ...(error && { error }),
    ...(answer !== null && { answer }),
  }
}
