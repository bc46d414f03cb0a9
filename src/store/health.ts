// What the workers say of themselves and of where systems run, for `/readyz`.
import type { Redis } from 'ioredis'
import type { OrchestratorKind } from '../system/orchestrator-kind.ts'
import type { Reachability } from '../system/readiness.ts'
import type { Keys } from './keys.ts'

/** How a worker sees what it runs systems on. */
export type Seen = Reachability & { orchestrator: OrchestratorKind }

export type Health = ReturnType<typeof createHealth>

export function createHealth(redis: Redis, keys: Keys) {
  return {
    /** A worker is alive for the next `forMs` milliseconds, and sees it so. Answers what was seen before, if lately. */
    async beat(worker: string, seen: Seen, forMs: number): Promise<Seen | null> {
      const until = Date.now() + forMs
      const answers = await redis
        .pipeline()
        .get(keys.cluster)
        .zadd(keys.workers, until, worker)
        .set(keys.cluster, JSON.stringify(seen), 'PX', forMs)
        .exec()
      const before = answers?.[0]?.[1]
      return typeof before === 'string' ? (JSON.parse(before) as Seen) : null
    },
    async leave(worker: string): Promise<void> {
      await redis.zrem(keys.workers, worker)
    },
    async redisVersion(): Promise<string> {
      return /^redis_version:(.*?)\r?$/m.exec(await redis.info('server'))?.[1] ?? 'unknown'
    },
    /** How many workers are alive, and how it was last seen where systems run (null: by nobody lately). */
    async read(): Promise<{ workers: number; cluster: Seen | null }> {
      await redis.zremrangebyscore(keys.workers, '-inf', Date.now())
      const [workers, cluster] = await Promise.all([redis.zcard(keys.workers), redis.get(keys.cluster)])
      return { workers, cluster: cluster === null ? null : (JSON.parse(cluster) as Seen) }
    },
  }
}
