// `tycho batch plan`: what a batch would need, before it is launched.
import type { Command } from 'commander'
import {
  type BatchOptions,
  itemsHelp,
  readBatchRequest,
  withBatchOptions,
} from '../../batch/batch-options.ts'
import { planLines } from '../../batch/plan-view.ts'
import type { Context } from '../../context.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import { createClientFor } from '../../options.ts'
import { reportError } from '../../report-error.ts'
import { printRemarks } from '../../result.ts'

const examples = `
Examples:
  $ tycho batch plan -f samples/notebook-class.yml --count 300
  $ tycho batch plan -f notebook.yml --items students.csv -n course
${itemsHelp}

Nothing is written or started.`

export function addBatchPlan(batch: Command, context: Context): void {
  const command = batch
    .command('plan')
    .description('say what a batch would need')
    .addHelpText('after', examples)
  withBatchOptions(command).action(async (options: BatchOptions) =>
    context.finish(await plan(options, context)),
  )
}

async function plan(options: BatchOptions, context: Context): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  const { request, source } = await readBatchRequest(options, context)
  const { output } = context
  try {
    const found = await client.planBatch(request)
    if (options.json) {
      output.json(found)
      return exitCodes.done
    }
    printRemarks(found.problems, source, output)
    for (const line of planLines(found)) output.say(line)
    return exitCodes.done
  } catch (error) {
    return reportError(error, { json: options.json, source }, output)
  }
}
