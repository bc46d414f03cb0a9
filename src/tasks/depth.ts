// How full a queue is, and for how long its oldest task has been ready.
import type { Queue, Job as Task } from 'bullmq'

/** Times are milliseconds. */
export type QueueDepth = {
  queue: string
  /** Ready to be done. */
  waiting: number
  active: number
  /** To be tried again later. */
  delayed: number
  /** 0 where none waits. */
  oldestWaitingMs: number
}

export async function readDepth(queue: Queue): Promise<QueueDepth> {
  const [counts, first, urgent] = await Promise.all([
    queue.getJobCounts('wait', 'prioritized', 'active', 'delayed'),
    queue.getJobs(['wait'], 0, 0, true),
    queue.getJobs(['prioritized'], 0, 0, true),
  ])
  const now = Date.now()
  const ages = [...first, ...urgent].map((task) => now - readySince(task))
  return {
    queue: queue.name,
    waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    oldestWaitingMs: Math.max(0, ...ages),
  }
}

/** One that was begun before and came back has not been neglected since it was made. */
function readySince({ timestamp, processedOn }: Task): number {
  return Math.max(timestamp, processedOn ?? 0)
}
