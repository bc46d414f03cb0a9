// A value that is expensive to read and changes slowly: read once for all who ask, and again when it is old.
import { untilAborted } from './until-aborted.ts'

export type Cached<T> = (signal: AbortSignal) => Promise<T>

/**
 * Concurrent callers share one reading, which none of them can abort for the others: `limitMs` ends it.
 * A failure is kept for `failureMs` only. Another `key` is another value.
 */
export function createCached<T>(
  limits: { freshMs: number; failureMs: number; limitMs: number },
  load: (signal: AbortSignal) => Promise<T>,
  key: () => Promise<unknown> = async () => undefined,
): Cached<T> {
  let reading: Promise<T> | undefined
  let staleAt = 0
  let readOf: unknown

  async function read(): Promise<T> {
    const of = await key()
    if (reading && of === readOf && performance.now() < staleAt) return reading
    readOf = of
    staleAt = Number.POSITIVE_INFINITY
    const next = load(AbortSignal.timeout(limits.limitMs))
    const keepFor = (durationMs: number) => () => {
      if (reading === next) staleAt = performance.now() + durationMs
    }
    reading = next
    next.then(keepFor(limits.freshMs), keepFor(limits.failureMs))
    return next
  }

  return async (signal) => {
    signal.throwIfAborted()
    return untilAborted(read(), signal)
  }
}
