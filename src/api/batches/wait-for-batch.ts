// Waiting for a batch.
import type { Batch } from '../../jobs/batch.ts'
import type { Store } from '../../store/store.ts'
import { type Patience, waitUntil } from '../wait-until.ts'

const lookMs = 5_000

/** Every member that moves on rings: what comes within so long is looked at once. */
const breathMs = 50

export type BatchWait = Patience & { until: (batch: Batch) => boolean }

/** Answers the batch once `until` holds, or as it is when the time is over. Null: there is no such batch. */
export function waitForBatch(
  { batches, changes }: Store,
  id: string,
  { until, ...patience }: BatchWait,
): Promise<Batch | null> {
  const watched = {
    look: () => batches.read(id),
    listen: (ring: () => void) => [changes.onBatch(id, ring)],
    lookMs,
    breathMs,
  }
  return waitUntil(watched, (batch) => !batch || until(batch), patience)
}
