// `tycho batch create`: many systems of one template are started as one.
import { type Command, Option } from 'commander'
import type { BatchRequest } from '../../../client/shapes.ts'
import {
  type BatchOptions,
  itemsHelp,
  readBatchRequest,
  withBatchOptions,
} from '../../batch/batch-options.ts'
import { exitCodeOfBatch, printBatchOutcome } from '../../batch/batch-outcome.ts'
import { skippedLines } from '../../batch/batch-view.ts'
import { watchBatch } from '../../batch/follow-batch.ts'
import type { Context } from '../../context.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import {
  createClientFor,
  parseLimit,
  parseSeconds,
  type WaitOptions,
  withWaitOptions,
} from '../../options.ts'
import { reportError } from '../../report-error.ts'
import { printRemarks } from '../../result.ts'

type CreateOptions = BatchOptions & WaitOptions & { concurrency?: number; onInvalid?: 'refuse' | 'skip' }

const examples = `
Examples:
  $ tycho batch create -f samples/notebook-class.yml --count 300
  $ tycho batch create -f notebook.yml --items students.csv -n course
  $ tycho batch create -f notebook.yml --items students.csv --on-invalid skip --no-wait
  $ tycho batch create -f notebook.yml --count 3000 --concurrency 100 --timeout 900 --json
${itemsHelp}

Waits until each system has started or failed. Ends with 0 when all have started, 1 when one has failed and 8 when the
batch was canceled; "tycho batch items ID --csv" is the list to hand out. Ctrl-C ends the command alone: the batch goes on.`

export function addBatchCreate(batch: Command, context: Context): void {
  const command = batch
    .command('create')
    .description('start many systems of one template, and wait until they have started')
    .addHelpText('after', examples)
  withWaitOptions(withBatchOptions(command), 'all have started')
    .option('--concurrency <number>', 'systems that are starting at once', parseLimit)
    .addOption(
      new Option(
        '--on-invalid <what>',
        'what a bad item refuses: the whole (refuse), or itself (skip)',
      ).choices(['refuse', 'skip']),
    )
    .option('--timeout <seconds>', 'time for each system to become ready', parseSeconds)
    .action(async (options: CreateOptions) => context.finish(await create(options, context)))
}

async function create(options: CreateOptions, context: Context): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  const { output } = context
  const { request, source } = await readBatchRequest(options, context)
  const { json } = options
  try {
    const first = await client.startBatch(withSettings(request, options))
    const { skippedItems, problems, id, name, counts } = first.batch
    if (!json) {
      printRemarks(problems, source, output)
      for (const line of skippedLines(first.batch, output.paint.note)) output.note(line)
    }
    if (!options.wait) {
      if (json) output.json(first.batch)
      else output.say(`${name} is accepted as batch ${id}: ${counts.total} systems`)
      return exitCodes.done
    }
    const batch = await watchBatch(client, first, { json, limitMs: null }, output)
    if (json) output.json({ ...batch, ...(skippedItems && { skippedItems }) })
    else await printBatchOutcome(client, batch, output)
    return exitCodeOfBatch(batch)
  } catch (error) {
    return reportError(error, { json, source }, output)
  }
}

function withSettings(request: BatchRequest, options: CreateOptions): BatchRequest {
  const { concurrency, timeout, onInvalid } = options
  return {
    ...request,
    ...(concurrency !== undefined && { concurrency }),
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    ...(onInvalid && { onInvalid }),
  }
}
