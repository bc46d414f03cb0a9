// Waiting for a job without a loop in the client: by its changes, with a slow poll where a message is lost.
import type { JobRecord } from '../jobs/job.ts'
import type { Store } from '../store/store.ts'
import { createBell } from './bell.ts'

export type WaitOptions = {
  until: (job: JobRecord) => boolean
  timeoutMs: number
  /** Each ends the wait early; the answer is the job as it is then. */
  signals: AbortSignal[]
}

/** How often the job is read although nobody said that it changed: messages are not kept for whoever reconnects. */
const pollMs = 5_000

/**
 * Answers the job once `until` holds, or as it is when the time is over. Null: there is no such job. The listener is
 * there before the first read, so no change between a read and the wait is missed.
 */
export async function waitForJob(store: Store, id: string, options: WaitOptions): Promise<JobRecord | null> {
  const { until, signals } = options
  const deadline = Date.now() + options.timeoutMs
  using bell = createBell(signals)
  const stop = store.changes.onJob(id, bell.ring)
  try {
    for (;;) {
      const job = await store.works.job(id)
      const leftMs = deadline - Date.now()
      const isOver = leftMs <= 0 || signals.some((signal) => signal.aborted)
      if (!job || until(job) || isOver) return job
      await bell.rung(Math.min(leftMs, pollMs))
    }
  } finally {
    stop()
  }
}
