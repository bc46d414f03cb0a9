// What the workers say of themselves and of the cluster, for `/readyz`.
import type { Redis } from 'ioredis'
import type { Reachability } from '../system/readiness.ts'
import type { Keys } from './keys.ts'

export type Health = ReturnType<typeof createHealth>

export function createHealth(redis: Redis, keys: Keys) {
  return {
    /** A worker is alive for the next `forMs` milliseconds, and sees the cluster so. */
    async beat(worker: string, cluster: Reachability, forMs: number): Promise<void> {
      const until = Date.now() + forMs
      await redis
        .pipeline()
        .zadd(keys.workers, until, worker)
        .set(keys.cluster, JSON.stringify(cluster), 'PX', forMs)
        .exec()
    },
    async leave(worker: string): Promise<void> {
      await redis.zrem(keys.workers, worker)
    },
    async redisVersion(): Promise<string> {
      return /^redis_version:(.*?)\r?$/m.exec(await redis.info('server'))?.[1] ?? 'unknown'
    },
    /** How many workers are alive, and how the cluster was last seen (null: by nobody lately). */
    async read(): Promise<{ workers: number; cluster: Reachability | null }> {
      await redis.zremrangebyscore(keys.workers, '-inf', Date.now())
      const [workers, cluster] = await Promise.all([redis.zcard(keys.workers), redis.get(keys.cluster)])
      return { workers, cluster: cluster === null ? null : (JSON.parse(cluster) as Reachability) }
    },
  }
}
