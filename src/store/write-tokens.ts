// A token bucket that all workers share: how much a cluster is asked to do.
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { readScript, runScript } from './script.ts'

/** Rates are writes per second. */
export type TokenLimits = {
  burst: number
  firstRate: number
  highestRate: number
  lowestRate: number
  /** By so much the rate grows each second. */
  growth: number
}

/**
 * An API server of two processors takes some 200 to 600 writes a second, large ones thousands. What is too much for this one
 * shows in slow answers, which each worker heeds by itself, before it is refused; the rate is for what is refused.
 */
const usual: TokenLimits = { burst: 200, firstRate: 400, highestRate: 2_000, lowestRate: 5, growth: 50 }

export type WriteTokens = ReturnType<typeof createWriteTokens>

export function createWriteTokens(redis: Redis, keys: Keys, limits: TokenLimits = usual) {
  const take = readScript('take-tokens')
  const slowDown = readScript('slow-down')
  const { burst, firstRate, highestRate, lowestRate, growth } = limits
  return {
    /** `reserve`: the part of a full bucket that stays for others, 0 to 1. None granted: ask again after so long. */
    async take(wanted: number, reserve: number): Promise<{ granted: number; waitMs: number }> {
      const args = [wanted, reserve, burst, firstRate, highestRate, growth].map(String)
      const [granted, waitMs] = (await runScript(redis, take, [keys.writeTokens], args)) as [number, number]
      return { granted, waitMs }
    },
    /** Halves the rate, at most once a second, and grants nothing for so long. */
    async slowDown(pauseMs: number): Promise<void> {
      await runScript(redis, slowDown, [keys.writeTokens], [firstRate, lowestRate, pauseMs].map(String))
    },
  }
}
