// Waiting for a job without a loop in the client: by its changes, with a slow look where a message is lost.
import type { JobRecord } from '../jobs/job.ts'
import { createBell } from '../store/bell.ts'
import type { JobHead } from '../store/heads.ts'
import type { Store } from '../store/store.ts'
import { lookMs } from './follow.ts'

export type WaitOptions = {
  until: (job: JobHead) => boolean
  timeoutMs: number
  /** Each ends the wait early; the answer is the job as it is then. */
  signals: AbortSignal[]
}

/**
 * Answers the job once `until` holds, or as it is when the time is over. Null: there is no such job. The listener is
 * there before the first read, so no change between a read and the wait is missed.
 */
export async function waitForJob(store: Store, id: string, options: WaitOptions): Promise<JobRecord | null> {
  const { until, signals } = options
  const deadline = Date.now() + options.timeoutMs
  using bell = createBell(signals)
  const stops = [store.changes.onJob(id, bell.ring), store.changes.onMissed(bell.ring)]
  try {
    for (;;) {
      const head = await store.works.head(id)
      const leftMs = deadline - Date.now()
      const isOver = leftMs <= 0 || signals.some((signal) => signal.aborted)
      if (!head || until(head) || isOver) return store.works.job(id)
      await bell.rung(Math.min(leftMs, lookMs))
    }
  } finally {
    for (const stop of stops) stop()
  }
}
