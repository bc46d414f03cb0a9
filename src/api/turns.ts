// Long requests are read one at a time, and rest as long as they took: a few huge files may take half of the process's
// time, never all of it, so that small requests are answered between them.
import { setImmediate, setTimeout } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'

/** Reading a shorter body takes a few milliseconds. */
const longBytes = 64 * 1024

/** Answers when a long request may be read, which is to be done at once, without waiting for anything else. */
export type TakeTurn = () => Promise<void>

export function createTurns(): TakeTurn {
  let free = Promise.resolve()
  return () => {
    const mine = free
    free = mine.then(rest)
    return mine
  }
}

/** Begins as a request takes its turn; `setImmediate` comes after it has been read. */
async function rest(): Promise<void> {
  const start = performance.now()
  await setImmediate()
  await setTimeout(performance.now() - start)
}

/** A body in chunks does not say how long it is. */
export function isLong({ headers }: FastifyRequest): boolean {
  return Number(headers['content-length'] ?? longBytes + 1) > longBytes
}
