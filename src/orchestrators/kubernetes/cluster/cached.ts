// A value that is expensive to read and changes slowly: read once for all who ask, and again when it is old.

export type Cached<T> = (signal: AbortSignal) => Promise<T>

/**
 * Concurrent callers share one reading, which none of them can abort for the others: `limitMs` ends it.
 * A failure is kept for `failureMs` only.
 */
export function createCached<T>(
  limits: { freshMs: number; failureMs: number; limitMs: number },
  load: (signal: AbortSignal) => Promise<T>,
): Cached<T> {
  let reading: Promise<T> | undefined
  let staleAt = 0

  function read(): Promise<T> {
    if (reading && performance.now() < staleAt) return reading
    staleAt = Number.POSITIVE_INFINITY
    reading = load(AbortSignal.timeout(limits.limitMs))
    reading.then(
      () => {
        staleAt = performance.now() + limits.freshMs
      },
      () => {
        staleAt = performance.now() + limits.failureMs
      },
    )
    return reading
  }

  return (signal) => untilAborted(read(), signal)
}

/** The promise's outcome, or the abort's reason when that comes first. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
