// What the orchestrator holds and no record tells of.
import type { Redis } from 'ioredis'
import type { LiveSystem } from '../system/live.ts'
import type { Keys } from './keys.ts'

export type FindStrays = (found: readonly LiveSystem[]) => Promise<LiveSystem[]>

/** Incarnations that are neither some system's nor known to be ended (those are removed as soon as they are seen). */
export function createFindStrays(redis: Redis, keys: Keys): FindStrays {
  return async (found) => {
    if (found.length === 0) return []
    const sids = found.map(({ identity }) => identity.sid)
    const [holders, ended] = await Promise.all([
      redis.hmget(keys.sids, ...sids),
      redis.zmscore(keys.endedSids, ...sids),
    ])
    return found.filter((_, at) => !holders[at] && !ended[at])
  }
}
