// Pauses between attempts: they double, and no two clients share them.
import { setTimeout as delay } from 'node:timers/promises'

export type BackoffLimits = { firstMs: number; longestMs: number }

export type Backoff = { pause: (signal: AbortSignal) => Promise<void>; reset: () => void }

/** Each pause is between half of its turn's length and all of it. Rejects with the abort's reason. */
export function createBackoff({ firstMs, longestMs }: BackoffLimits): Backoff {
  let turn = 0
  return {
    async pause(signal) {
      const lengthMs = Math.min(longestMs, firstMs * 2 ** Math.min(turn, 20))
      turn += 1
      await delay(lengthMs * (0.5 + Math.random() / 2), undefined, { signal })
    },
    reset() {
      turn = 0
    },
  }
}
