// What a batch came to, in words, and what to do next.
import type { Client } from '../../client/client.ts'
import type { Batch } from '../../client/shapes.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'
import { failedLines } from './item-view.ts'

/** So many of those that failed are shown; a class fails for one reason mostly. */
const mostFailed = 10

/** The result on standard output; what did not start, and why, on standard error. */
export async function printBatchOutcome(client: Client, batch: Batch, output: Output): Promise<void> {
  const { id, name, counts } = batch
  const { total, succeeded, failed, canceled } = counts
  if (succeeded > 0) {
    output.say(output.paint.result('green', `${name}: ${succeeded} of ${total} have started`))
    output.note(`The list to hand out: tycho batch items ${id} --csv`)
  }
  if (canceled > 0) output.note(`${name}: ${canceled} of ${total} were canceled`)
  if (failed === 0) return
  output.note(output.paint.note('red', `${name}: ${failed} of ${total} have failed`))
  const items = await client.batchItems(id, { status: 'failed' }, mostFailed)
  for (const line of failedLines(items)) output.note(line)
  if (failed > items.length)
    output.note(`  … and ${failed - items.length} more: tycho batch items ${id} --status failed`)
  output.note(`Try them again: tycho batch retry ${id}`)
}

/** Of one that is done; while it goes on nothing has gone wrong. */
export function exitCodeOfBatch({ status }: Batch): ExitCode {
  if (status === 'failed') return exitCodes.failed
  return status === 'canceled' ? exitCodes.canceled : exitCodes.done
}
