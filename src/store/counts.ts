// How much there is of what, for the metrics: a few commands in one round trip, whatever there is.
import type { Redis } from 'ioredis'
import type { Reachability } from '../system/readiness.ts'
import type { Keys } from './keys.ts'

export type Counts = {
  /** Jobs that have a task to be done, and jobs that wait for the cluster. */
  jobs: { task: number; waiting: number }
  /** Systems that are not ended. */
  systems: number
  workers: number
  /** Null: no worker has looked lately. */
  isClusterReachable: boolean | null
  /** Batches of which something is still to be done. */
  batches: number
  /** Events that have still to be given to the webhooks. */
  outbox: number
}

export function createReadCounts(redis: Redis, keys: Keys): () => Promise<Counts> {
  return async () => {
    const answers = await redis
      .pipeline()
      .zcard(keys.expected)
      .hlen(keys.waiting)
      .hlen(keys.sids)
      .zcount(keys.workers, Date.now(), '+inf')
      .xlen(keys.outbox)
      .zcard(keys.openBatches)
      .get(keys.cluster)
      .exec()
    const [task, waiting, systems, workers, outbox, batches, cluster] = (answers ?? []).map(
      ([error, value]) => {
        if (error) throw error
        return value
      },
    )
    return {
      jobs: { task: Number(task), waiting: Number(waiting) },
      systems: Number(systems),
      workers: Number(workers),
      batches: Number(batches),
      isClusterReachable:
        typeof cluster === 'string' ? (JSON.parse(cluster) as Reachability).reachable : null,
      outbox: Number(outbox),
    }
  }
}
