/** When a job has its terminal status in the store, as everybody who listens there is told. */
import { Redis } from 'ioredis'
import type { JobRecord } from '../../../src/jobs/job.ts'
import { isDone } from '../../../src/jobs/transitions.ts'
import { createKeys } from '../../../src/store/keys.ts'

export type Ends = AsyncDisposable & {
  size(): number
  /** Milliseconds of `performance.now()`. */
  at(job: string): number | undefined
}

export async function watchEnds(url: string): Promise<Ends> {
  const keys = createKeys('{tycho}')
  const redis = new Redis(url)
  const subscriber = new Redis(url)
  const ended = new Map<string, number>()
  subscriber.on('message', (_channel, job: string) => {
    const now = performance.now()
    redis.hget(keys.job(job), 'record').then((text) => {
      const record = text ? (JSON.parse(text) as JobRecord) : null
      if (record && isDone(record) && !ended.has(job)) ended.set(job, now)
    }, console.error)
  })
  await subscriber.subscribe(keys.jobChanged)
  return {
    size: () => ended.size,
    at: (job) => ended.get(job),
    async [Symbol.asyncDispose]() {
      subscriber.disconnect()
      redis.disconnect()
    },
  }
}
