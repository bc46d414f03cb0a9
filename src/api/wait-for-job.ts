// Waiting for a job.
import type { JobRecord } from '../jobs/job.ts'
import type { JobHead } from '../store/heads.ts'
import type { Store } from '../store/store.ts'
import { lookMs } from './follow.ts'
import { type Patience, waitUntil } from './wait-until.ts'

export type WaitOptions = Patience & { until: (job: JobHead) => boolean }

/** Answers the job once `until` holds, or as it is when the time is over. Null: there is no such job. */
export async function waitForJob(store: Store, id: string, options: WaitOptions): Promise<JobRecord | null> {
  const { works, changes } = store
  const watched = {
    look: () => works.head(id),
    listen: (ring: () => void) => [changes.onJob(id, ring), changes.onMissed(ring)],
    lookMs,
  }
  await waitUntil(watched, (head) => !head || options.until(head), options)
  return works.job(id)
}
