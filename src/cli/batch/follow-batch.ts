// Waits for a batch in front of the user.
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, TaggedBatch } from '../../client/client.ts'
import type { Batch } from '../../client/shapes.ts'
import { InterruptedError, PatienceError } from '../exit-codes.ts'
import { createInterrupt } from '../interrupt.ts'
import type { Output } from '../output.ts'
import { createProgress } from '../progress.ts'
import { type Poll, type Tagged, waitUntilDone } from '../wait.ts'
import { batchView } from './batch-view.ts'

/** A batch changes with each of its members: nobody reads it more often. */
const paceMs = 250

export type FollowBatchOptions = { json: true | undefined; limitMs: number | null }

/** Shows it until nothing more happens to it. A PatienceError or InterruptedError says what goes on without the user. */
export async function watchBatch(
  client: Client,
  first: TaggedBatch,
  { json, limitMs }: FollowBatchOptions,
  output: Output,
): Promise<Batch> {
  using interrupt = createInterrupt()
  using progress = createProgress(output, batchView, { quiet: json === true })
  const { id } = first.batch
  const poll: Poll<Batch> = async (etag, signal) => {
    await delay(paceMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    const next = await client.pollBatch(id, etag, signal)
    return next && toTagged(next)
  }
  try {
    return await waitUntilDone(toTagged(first), poll, {
      onChange: progress.show,
      onAbsence: (reason) => progress.note(`${reason}; trying again`),
      signal: interrupt.signal,
      limitMs,
    })
  } catch (error) {
    throw toFarewell(error, id)
  }
}

/** A batch whose systems are still being stopped is not done, to who waits for it. */
function toTagged({ batch, etag }: TaggedBatch): Tagged<Batch> {
  const isResting = batch.done && (batch.removal?.remaining ?? 0) === 0
  return { state: { ...batch, done: isResting }, etag }
}

function toFarewell(error: unknown, id: string): unknown {
  const hint = `"tycho batch status ${id} --wait" shows it, "tycho batch cancel ${id}" ends it`
  if (error instanceof PatienceError) return new PatienceError(`${error.message}. The work goes on: ${hint}`)
  return error instanceof InterruptedError ? new InterruptedError(`It goes on: ${hint}`) : error
}
