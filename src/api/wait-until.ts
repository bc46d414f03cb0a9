// Waiting for something without a loop in the client: by its changes, with a slow look where a message is lost.
import { setTimeout as delay } from 'node:timers/promises'
import { createBell } from '../store/bell.ts'

/** Each signal ends the wait early; the answer is what is found then. */
export type Patience = { timeoutMs: number; signals: AbortSignal[] }

export type Watched<T> = {
  look: () => Promise<T>
  /** Has the bell rung at each change; answers how that is ended. */
  listen: (ring: () => void) => (() => void)[]
  /** How long no message is waited for before the next look, in milliseconds. */
  lookMs: number
  /** What comes within so long after a ring is looked at once; left out: each ring is. */
  breathMs?: number
}

/**
 * Answers what is found once `until` holds, or as it is when the time is over. The listener is there before the first
 * look, so no change between a look and the wait is missed.
 */
export async function waitUntil<T>(
  { look, listen, lookMs, breathMs = 0 }: Watched<T>,
  until: (found: T) => boolean,
  { timeoutMs, signals }: Patience,
): Promise<T> {
  const deadline = Date.now() + timeoutMs
  using bell = createBell(signals)
  const stops = listen(bell.ring)
  const isCalledOff = () => signals.some((signal) => signal.aborted)
  try {
    for (;;) {
      const found = await look()
      const leftMs = deadline - Date.now()
      if (until(found) || leftMs <= 0 || isCalledOff()) return found
      await bell.rung(Math.min(leftMs, lookMs))
      if (breathMs > 0 && !isCalledOff()) await delay(Math.min(leftMs, breathMs))
    }
  } finally {
    for (const stop of stops) stop()
  }
}
