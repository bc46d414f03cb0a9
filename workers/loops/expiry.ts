// Stops systems whose lifetime has ended (`ttlSeconds`). What they keep from one start to the next stays.
import type { Holder } from '../../src/store/schedule.ts'
import { stopLive } from '../../src/store/stop-live.ts'
import { createIds } from '../../src/system/ids.ts'
import type { WorkerContext } from '../context.ts'

const chunk = 500

/**
 * Accepts the stop of each system that has expired at `now` (milliseconds since the epoch), whatever works on it. A
 * removal waits for a cluster that is away, without a deadline.
 */
export async function removeExpired(context: WorkerContext, now: number): Promise<void> {
  const expired = await context.store.schedule.expiredBefore(now, chunk)
  if (expired.length === 0) return
  const ids = createIds()
  for (const holder of expired) await expire(context, holder, ids.job(), now)
}

/** One that changes meanwhile is looked at again by the next sweep. `id`: of the job, where one is made. */
async function expire(
  { store, tasks, log, maxAttempts }: WorkerContext,
  holder: Holder,
  id: string,
  now: number,
): Promise<void> {
  const system = await store.works.system(holder.tenant, holder.name)
  if (!system?.lifetime) await store.schedule.forgetExpiry(holder)
  if (!system?.lifetime || system.lifetime.expiresAt > now) return
  const job = await stopLive(store.works, system, { job: id, maxAttempts, now, cause: 'expiry' })
  if (!job) return
  log.info({ system: system.name, sid: system.sid, job: job.id }, 'its time is over; removing it')
  await tasks.enqueue(job)
}
