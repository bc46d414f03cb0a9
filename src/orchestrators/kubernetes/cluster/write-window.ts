// How many writes one process has under way: as many as the cluster answers quickly.
//
// The window grows by one for each window of answers that came quickly while it was full, and shrinks when answers become
// slow or the cluster refuses one for being too many (additive increase, multiplicative decrease, as in RFC 5681). More
// writes under way than that only wait in the API server, where nobody can go before the others.
import type { WriteUse } from './write-budget.ts'

export type WriteWindow = {
  /** Sends as soon as there is a place: for what somebody waits goes before what came by the hundred. */
  run<T>(use: WriteUse, signal: AbortSignal, send: () => Promise<T>): Promise<T>
  /** The cluster has refused a write because there are too many. */
  shrink(): void
  /** Places, whether they are taken or not. */
  readonly size: number
}

export type WriteWindowOptions = {
  first: number
  smallest: number
  largest: number
  /** Answers that take longer, by their average, make the window smaller. */
  slowMs: number
  /** The part of the window that starts by the hundred may fill. */
  bulkShare: number
  now: () => number
}

const usual: WriteWindowOptions = {
  first: 32,
  smallest: 4,
  largest: 64,
  // An API server that is busy answers after some hundred milliseconds, and takes all the same as much as it can.
  slowMs: 1_000,
  bulkShare: 0.75,
  now: () => performance.now(),
}

/** What a slow average and a refusal leave of the window. */
const afterSlow = 0.9
const afterRefusal = 0.5

/** How much one answer counts in the average. */
const weight = 0.1

/** Who goes first. */
const order: readonly WriteUse[] = ['removal', 'start', 'update', 'bulk']

export function createWriteWindow(options: Partial<WriteWindowOptions> = {}): WriteWindow {
  const { first, smallest, largest, slowMs, bulkShare, now } = { ...usual, ...options }
  const waiting: Record<WriteUse, Set<() => void>> = {
    removal: new Set(),
    start: new Set(),
    update: new Set(),
    bulk: new Set(),
  }
  let size = first
  let running = 0
  let runningBulk = 0
  let averageMs = 0
  /** Answers until the window may change again: those that were sent before the last change say nothing of it. */
  let untilChange = first

  const hasPlace = (use: WriteUse) =>
    running < size && (use !== 'bulk' || runningBulk < Math.max(1, Math.floor(size * bulkShare)))

  const change = (to: number) => {
    size = Math.min(largest, Math.max(smallest, to))
    untilChange = running
  }

  const take = (use: WriteUse) => {
    running += 1
    if (use === 'bulk') runningBulk += 1
  }

  const leave = (use: WriteUse) => {
    running -= 1
    if (use === 'bulk') runningBulk -= 1
    for (const next of order) {
      for (const wake of waiting[next]) {
        if (!hasPlace(next)) break
        waiting[next].delete(wake)
        take(next)
        wake()
      }
    }
  }

  const learn = (tookMs: number, wasFull: boolean) => {
    averageMs += (tookMs - averageMs) * weight
    untilChange -= 1
    if (untilChange > 0) return
    if (averageMs > slowMs) change(size * afterSlow)
    else if (wasFull) change(size + 1)
  }

  /** Throws the signal's reason. */
  async function enter(use: WriteUse, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (hasPlace(use) && waiting[use].size === 0) return take(use)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const giveUp = () => {
      // Whoever has a place already takes it, and finds the signal aborted.
      if (waiting[use].delete(resolve)) reject(signal.reason)
    }
    waiting[use].add(resolve)
    signal.addEventListener('abort', giveUp)
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  return {
    async run(use, signal, send) {
      await enter(use, signal)
      const isFull = waiting[use].size > 0 || !hasPlace(use)
      const sentAt = now()
      try {
        return await send()
      } finally {
        learn(now() - sentAt, isFull)
        leave(use)
      }
    },
    shrink: () => change(size * afterRefusal),
    get size() {
      return Math.floor(size)
    },
  }
}
