// Whether the records are known to tell of every system that the orchestrator holds.
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'

export type Survey = ReturnType<typeof createSurvey>

export function createSurvey(redis: Redis, keys: Keys) {
  return {
    /** False in a new store, and in one that has lost its data since. */
    isDone: async () => (await redis.exists(keys.surveyed)) === 1,
    /** `now`: milliseconds since the epoch. */
    markDone: (now: number) => redis.set(keys.surveyed, `${now}`),
  }
}
