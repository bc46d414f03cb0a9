// Cancels the members of a batch: those that wait at once, the others as any job is canceled.
import type { Batch } from '../../src/jobs/batch.ts'
import { cancel } from '../../src/jobs/cancel.ts'
import { isDone } from '../../src/jobs/transitions.ts'
import { cancelAllWaiting } from '../../src/store/cancel-waiting.ts'
import { advance, type WorkerContext } from '../context.ts'

const chunk = 500

/** Resolves when each of them was asked to end. */
export async function cancelMembers(context: WorkerContext, batch: Batch): Promise<void> {
  const { batches } = context.store
  await cancelAllWaiting(batches, batch)
  let after: number | null = -1
  while (after !== null) {
    const page: Awaited<ReturnType<typeof batches.page>> = await batches.page(batch, after, chunk)
    for (const { state } of page.items) {
      if (!isDone(state)) await cancelOne(context, state.job)
    }
    after = page.next
  }
}

async function cancelOne(context: WorkerContext, job: string): Promise<void> {
  await advance(context, job, (work) => {
    const answer = cancel(work, Date.now())
    return typeof answer === 'string' ? null : answer
  })
}
