// Waits for a batch in front of the user.
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, TaggedBatch } from '../../client/client.ts'
import type { Batch } from '../../client/shapes.ts'
import type { Output } from '../output.ts'
import type { Poll, Tagged } from '../wait.ts'
import { goesOn, watchUntilDone } from '../watch.ts'
import { batchView } from './batch-view.ts'

/** A batch changes with each of its members: nobody reads it more often. */
const paceMs = 250

export type FollowBatchOptions = { json: true | undefined; limitMs: number | null }

/** Shows it until nothing more happens to it. A PatienceError or InterruptedError says what goes on without the user. */
export function watchBatch(
  client: Client,
  first: TaggedBatch,
  { json, limitMs }: FollowBatchOptions,
  output: Output,
): Promise<Batch> {
  const { id } = first.batch
  const poll: Poll<Batch> = async (etag, signal) => {
    await delay(paceMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    const next = await client.pollBatch(id, etag, signal)
    return next && toTagged(next)
  }
  const hint = `"tycho batch status ${id} --wait" shows it, "tycho batch cancel ${id}" ends it`
  const farewell = (error: unknown) => goesOn(error, hint)
  return watchUntilDone({ first: toTagged(first), poll, view: batchView, json, limitMs, farewell }, output)
}

/** A batch whose systems are still being stopped is not done, to who waits for it. */
function toTagged({ batch, etag }: TaggedBatch): Tagged<Batch> {
  const isResting = batch.done && (batch.removal?.remaining ?? 0) === 0
  return { state: { ...batch, done: isResting }, etag }
}
