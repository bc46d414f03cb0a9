// Ends every member of a batch that waits for its turn.
import type { Batch } from '../jobs/batch.ts'
import type { Batches } from './batches.ts'

/** So many at once: other commands have their turn between. */
const chunk = 100

/** Whoever lets members in must have been told before that it is to let in none. */
export async function cancelAllWaiting(batches: Batches, batch: Batch): Promise<void> {
  for (;;) {
    const indexes = await batches.waiting(batch.id, chunk)
    if (indexes.length === 0) return
    await batches.cancelWaiting(batch, await batches.members(batch.id, indexes))
  }
}
