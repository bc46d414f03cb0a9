/** Waiting by predicate: the only place of the kit that lets time pass. */
import { setTimeout as delay } from 'node:timers/promises'

export type WaitOptions = {
  timeoutMs?: number
  intervalMs?: number
  signal?: AbortSignal
}

/** What a wait says when its time is over; `cause` is the last error of the probe. */
export class WaitTimeout extends Error {
  override name = 'WaitTimeout'
}

/**
 * Asks until the probe answers something truthy, and returns that.
 * A probe that throws counts as "not yet"; the last error is the cause of the WaitTimeout.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T> | T,
  { timeoutMs = 30_000, intervalMs = 100, signal }: WaitOptions = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs
  let cause: unknown
  for (;;) {
    signal?.throwIfAborted()
    try {
      const answer = await probe()
      if (answer) return answer
      cause = undefined
    } catch (error) {
      cause = error
    }
    if (Date.now() >= deadline) throw new WaitTimeout(timeoutMessage(what, timeoutMs, cause), { cause })
    // The reason of an abort says more than the timer's own error.
    await delay(intervalMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
  }
}

/** A delay that a stand-in is told to have; the signal ends it early. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {})
}

function timeoutMessage(what: string, timeoutMs: number, cause: unknown): string {
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  return `waited ${timeoutMs / 1000} s in vain for ${what}${reason}`
}
