// How many writes a cluster gets: a token bucket that all workers share, and that gives way when the cluster says so.
//
// Tokens are fetched a handful at a time, so that a burst of writes costs one call. Where the bucket can't be asked in
// time, writes go on without: each of them is fenced by a question to the same store anyway.
import { setTimeout as delay } from 'node:timers/promises'
import { TychoError } from '../../../problem.ts'

/** The bucket itself; kept by whoever is shared by all workers. */
export type SharedTokens = {
  /** `reserve`: the part of a full bucket that stays for others, 0 to 1. None granted: ask again after so long. */
  take(wanted: number, reserve: number): Promise<{ granted: number; waitMs: number }>
  /** Halves the rate, and grants nothing for so long. */
  slowDown(pauseMs: number): Promise<void>
}

/**
 * Starts have a reserve that updates and starts by the hundred leave alone, and removals one that nobody else touches.
 */
export type WriteUse = 'bulk' | 'update' | 'start' | 'removal'

export type WriteBudget = {
  /** Resolves when one write may be sent. Throws `WRITES_HELD_BACK` (remedy `wait`) when that takes too long. */
  take(use: WriteUse, signal: AbortSignal): Promise<void>
  /** The cluster has refused a write because there are too many. */
  slowDown(retryAfterSeconds: number | undefined): void
}

export type WriteBudgetOptions = {
  /** Tokens that are fetched at once, and how long they are good for. */
  handful: number
  goodForMs: number
  /** How long an answer of the bucket is waited for, and how long it is left alone after it gave none. */
  answerMs: number
  restMs: number
  /** How long one write may wait for its token. */
  patienceMs: number
}

const reserves: Record<WriteUse, number> = { bulk: 0.6, update: 0.4, start: 0.1, removal: 0 }
const usual: WriteBudgetOptions = {
  handful: 8,
  goodForMs: 1_000,
  answerMs: 250,
  restMs: 1_000,
  patienceMs: 10_000,
}
const longestPauseMs = 60_000
const shortestPauseMs = 1_000

export const unlimitedWrites: WriteBudget = { async take() {}, slowDown() {} }

type Hand = { left: number; goodUntil: number; fetching: Promise<number> | undefined }

export function createWriteBudget(
  shared: SharedTokens,
  options: Partial<WriteBudgetOptions> = {},
): WriteBudget {
  const { handful, goodForMs, answerMs, restMs, patienceMs } = { ...usual, ...options }
  const hands: Record<WriteUse, Hand> = {
    bulk: emptyHand(),
    update: emptyHand(),
    start: emptyHand(),
    removal: emptyHand(),
  }
  let silentUntil = 0

  /** Whoever needs tokens for the same use at the same time fetches them together; answers how long to wait, in ms. */
  function fetch(use: WriteUse): Promise<number> {
    const hand = hands[use]
    hand.fetching ??= fill(hand, reserves[use]).finally(() => {
      hand.fetching = undefined
    })
    return hand.fetching
  }

  async function fill(hand: Hand, reserve: number): Promise<number> {
    const answer = await inTime(shared.take(handful, reserve), answerMs)
    if (!answer) silentUntil = performance.now() + restMs
    hand.left = answer?.granted ?? 0
    hand.goodUntil = performance.now() + goodForMs
    return answer?.waitMs ?? 0
  }

  return {
    async take(use, signal) {
      const until = performance.now() + patienceMs
      while (!spend(hands[use]) && performance.now() >= silentUntil) {
        signal.throwIfAborted()
        if (performance.now() > until) throw heldBack()
        const waitMs = await fetch(use)
        if (waitMs > 0) await delay(Math.min(waitMs, 1_000) * (1 + Math.random()), undefined, { signal })
      }
    },
    slowDown(retryAfterSeconds = 0) {
      const pauseMs = Math.min(longestPauseMs, Math.max(shortestPauseMs, retryAfterSeconds * 1_000))
      shared.slowDown(pauseMs).catch(() => {})
    },
  }
}

function emptyHand(): Hand {
  return { left: 0, goodUntil: 0, fetching: undefined }
}

function spend(hand: Hand): boolean {
  if (hand.left <= 0 || performance.now() > hand.goodUntil) return false
  hand.left -= 1
  return true
}

/** Undefined where the answer fails or does not come in time. */
async function inTime<T>(answer: Promise<T>, ms: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), ms)
  try {
    return await Promise.race([answer, late.promise])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

function heldBack(): TychoError {
  return new TychoError(
    'WRITES_HELD_BACK',
    'The cluster has asked for fewer requests; the work goes on when it takes more',
    { status: 503, remedy: 'wait' },
  )
}
