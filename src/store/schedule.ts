// Who waits for what: the indexes that the loops walk.
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { type Holder, holderOf } from './records.ts'

export type { Holder } from './records.ts'

export type Schedule = ReturnType<typeof createSchedule>

export function createSchedule(redis: Redis, keys: Keys) {
  return {
    /** The job that waits for an incarnation, or null. */
    waitingFor: (sid: string) => redis.hget(keys.waiting, sid),
    /** sid -> job of all that wait. */
    waiting: () => redis.hgetall(keys.waiting),
    /** Of all systems that are not ended. */
    sids: () => redis.hkeys(keys.sids),
    /** The system that an incarnation belongs to, or null when it is ended or unknown. */
    async systemOf(sid: string): Promise<Holder | null> {
      return fromHolder((await redis.hget(keys.sids, sid)) ?? '')
    },
    /** Whether an incarnation is known to be ended, so that nothing of it may exist. */
    isEnded: async (sid: string) => (await redis.zscore(keys.endedSids, sid)) !== null,
    forgetEnded: (before: number) => redis.zremrangebyscore(keys.endedSids, '-inf', before),
    /** Jobs that should have had a task since before `time` (milliseconds since the epoch), oldest first. */
    expectedBefore: (time: number, count: number) =>
      redis.zrange(keys.expected, '-inf', `${time}`, 'BYSCORE', 'LIMIT', 0, count),
    /** Looks at a job again only after others. */
    postponeExpected: (job: string, time: number) => redis.zadd(keys.expected, 'XX', time, job),
    forgetExpected: (job: string) => redis.zrem(keys.expected, job),
    /** Jobs whose deadline is at or before `time`, oldest first. */
    deadlinesBefore: (time: number, count: number) =>
      redis.zrange(keys.deadlines, '-inf', `${time}`, 'BYSCORE', 'LIMIT', 0, count),
    /** Systems whose lifetime has ended at or before `time`, oldest first. */
    async expiredBefore(time: number, count: number): Promise<Holder[]> {
      const holders = await redis.zrange(keys.expiries, '-inf', `${time}`, 'BYSCORE', 'LIMIT', 0, count)
      return holders.flatMap((holder) => fromHolder(holder) ?? [])
    },
    forgetExpiry: (holder: Holder) => redis.zrem(keys.expiries, holderOf(holder)),
    forgetDeadline: (job: string) => redis.zrem(keys.deadlines, job),
    tenants: () => redis.smembers(keys.tenants),
  }
}

/** Null for what no `holderOf` has made. */
function fromHolder(holder: string): Holder | null {
  const at = holder.indexOf('/')
  return at > 0 ? { tenant: holder.slice(0, at), name: holder.slice(at + 1) } : null
}
