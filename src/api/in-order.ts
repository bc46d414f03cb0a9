// What must not be done by two at once in this process: one after the other, in the order in which they came.
import { apiError } from './api-error.ts'

/** Runs the work when all before it is done, whatever became of that. */
export type InOrder = <T>(work: () => Promise<T>) => Promise<T>

/** Whoever had to wait longer is told to come again: throws CONTENDED (503). In milliseconds. */
const longestWaitMs = 10_000

export function createInOrder(waitMs = longestWaitMs): InOrder {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const since = performance.now()
    const begin = () => {
      if (performance.now() - since <= waitMs) return work()
      throw apiError('CONTENDED', 'Too many requests that change the same came at once', {
        retryAfterSeconds: 1,
      })
    }
    const mine = last.then(begin)
    last = mine.catch(() => {})
    return mine
  }
}
