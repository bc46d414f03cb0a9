// Waits for somebody to ring: what a listener of the store's changes does, and a reader or a loop waits for.

export type Bell = Disposable & {
  ring: () => void
  /** Waits for a ring, for so many milliseconds at most. A ring that came while nobody waited counts. */
  rung(forMs: number): Promise<void>
}

/** Each of the signals rings it too, when it aborts. */
export function createBell(signals: readonly AbortSignal[]): Bell {
  let pending = signals.some((signal) => signal.aborted)
  let wake: (() => void) | null = null
  const ring = () => {
    pending = true
    wake?.()
  }
  for (const signal of signals) signal.addEventListener('abort', ring)
  return {
    ring,
    async rung(forMs) {
      if (!pending) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, forMs)
        await promise
        clearTimeout(timer)
        wake = null
      }
      pending = false
    },
    [Symbol.dispose]() {
      for (const signal of signals) signal.removeEventListener('abort', ring)
    },
  }
}
