// Who is told of events: a tenant's registered endpoints and their secrets. Pure; the clock is an argument.
import type { EventType } from './event.ts'

/** `whsec_…`, as they are, because they sign. `previous` signs too until its time (milliseconds since the epoch). */
export type Secrets = { current: string; previous: { secret: string; until: number } | null }

export type WebhookRecord = {
  id: string
  tenant: string
  url: string
  /** Null: all but those that have to be asked for by name. */
  events: readonly EventType[] | null
  description: string
  isEnabled: boolean
  /** Why it was disabled by itself. */
  disabled: { code: 'GONE' | 'ONLY_FAILS'; message: string; at: number } | null
  /** Since when every attempt has failed. */
  failingSince: number | null
  secrets: Secrets
  createdAt: number
  updatedAt: number
}

/** An endpoint that has only failed for so long is disabled. */
export const failsForMs = 5 * 24 * 3600 * 1000

/** A new secret; the old one stays valid for so long, the one before it does not. */
export function rotated({ current }: Secrets, secret: string, graceMs: number, now: number): Secrets {
  return {
    current: secret,
    previous: graceMs > 0 ? { secret: current, until: now + graceMs } : null,
  }
}

/** Those that sign now, the newest first. */
export function signingSecrets({ current, previous }: Secrets, now: number): string[] {
  return previous && previous.until > now ? [current, previous.secret] : [current]
}

/** What an attempt says of the endpoint; null: nothing new. */
export function afterAttempt(
  webhook: WebhookRecord,
  attempt: { isSuccess: boolean; isGone: boolean },
  now: number,
): WebhookRecord | null {
  if (attempt.isSuccess) return webhook.failingSince === null ? null : { ...webhook, failingSince: null }
  const failingSince = webhook.failingSince ?? now
  if (attempt.isGone)
    return disabled(webhook, failingSince, 'GONE', 'It has answered 410: it wants no more of these', now)
  if (now - failingSince >= failsForMs)
    return disabled(
      webhook,
      failingSince,
      'ONLY_FAILS',
      'Every attempt of the last five days has failed',
      now,
    )
  return webhook.failingSince === null ? { ...webhook, failingSince } : null
}

function disabled(
  webhook: WebhookRecord,
  failingSince: number,
  code: 'GONE' | 'ONLY_FAILS',
  message: string,
  at: number,
): WebhookRecord | null {
  if (!webhook.isEnabled) return null
  return { ...webhook, failingSince, isEnabled: false, disabled: { code, message, at }, updatedAt: at }
}
