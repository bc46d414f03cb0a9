// `tycho batch plan`: what a batch would need, and whether the cluster has it, before it is launched.
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
import { printProblems } from '../../problems.ts'
import { reportError } from '../../report-error.ts'

const examples = `
Examples:
  $ tycho batch plan -f samples/notebook-class.yml --count 300
  $ tycho batch plan -f notebook.yml --items students.csv -n course
  $ tycho batch plan -f notebook.yml --count 3000 --exposure ingress --json
${itemsHelp}

Nothing is written or started. Ends with 0 where the batch fits, and with 1 where it does not: errors say why a launch
would be refused, warnings what would be launched and might have to wait.`

export function addBatchPlan(batch: Command, context: Context): void {
  const command = batch
    .command('plan')
    .description('say what a batch needs, and what the cluster has')
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
    if (options.json) output.json(found)
    else {
      for (const line of planLines(found, output.paint.result)) output.say(line)
      for (const line of printProblems(found.problems, null, output.paint.note)) output.note(line)
    }
    return found.fits ? exitCodes.done : exitCodes.failed
  } catch (error) {
    return reportError(error, { json: options.json, source }, output)
  }
}
