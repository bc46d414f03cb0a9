// Waiting for a batch: by its changes, with a slow poll where a message is lost.
import { setTimeout as delay } from 'node:timers/promises'
import type { Batch } from '../../jobs/batch.ts'
import { createBell } from '../../store/bell.ts'
import type { Store } from '../../store/store.ts'
import type { WaitOptions } from '../wait-for-job.ts'

const pollMs = 5_000

/** Every member that moves on rings: what comes within so long is looked at once. */
const breathMs = 50

export type BatchWait = Pick<WaitOptions, 'timeoutMs' | 'signals'> & { until: (batch: Batch) => boolean }

/** Answers the batch once `until` holds, or as it is when the time is over. Null: there is no such batch. */
export async function waitForBatch(
  store: Store,
  id: string,
  { until, timeoutMs, signals }: BatchWait,
): Promise<Batch | null> {
  const deadline = Date.now() + timeoutMs
  using bell = createBell(signals)
  const stop = store.changes.onBatch(id, bell.ring)
  try {
    for (;;) {
      const batch = await store.batches.read(id)
      const leftMs = deadline - Date.now()
      const isOver = leftMs <= 0 || signals.some((signal) => signal.aborted)
      if (!batch || until(batch) || isOver) return batch
      await bell.rung(Math.min(leftMs, pollMs))
      if (!signals.some((signal) => signal.aborted)) await delay(Math.min(leftMs, breathMs))
    }
  } finally {
    stop()
  }
}
