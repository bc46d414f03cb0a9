// `tycho batch list`: the batches that there are.
import type { Command } from 'commander'
import { batchTable, terseBatch } from '../../batch/batch-view.ts'
import type { Context } from '../../context.ts'
import { exitCodes } from '../../exit-codes.ts'
import { noteIfCut, readLimited, usualLimit } from '../../limited.ts'
import { createClientFor, parseLimit, type ServerOptions, withServerOptions } from '../../options.ts'

type ListOptions = ServerOptions & { limit: number; terse?: true }

const examples = `
Examples:
  $ tycho batch list
  $ tycho batch list --limit 500
  $ tycho batch list --terse | cut -f1

--terse prints a line for each batch: id, name, status, how many have started and how many there are, with tabs between.`

export function addBatchList(batch: Command, context: Context): void {
  const command = batch
    .command('list')
    .description('list the batches, newest first')
    .option('--limit <number>', 'so many at most', parseLimit, usualLimit)
    .option('-t, --terse', 'one line for each batch, for scripts')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (options: ListOptions) => {
    await list(options, context)
    context.finish(exitCodes.done)
  })
}

async function list({ limit, ...options }: ListOptions, { config, output }: Context): Promise<void> {
  const client = createClientFor(options, config)
  const { shown, isCut } = await readLimited(limit, client.batches)
  if (options.json) {
    output.json({ batches: shown })
    return
  }
  if (shown.length === 0 && !options.terse) {
    output.note('No batches. Start one: tycho batch create -f samples/notebook-class.yml --count 3')
    return
  }
  const table = () => batchTable(shown, Date.now(), output.paint.result)
  for (const line of options.terse ? shown.map(terseBatch) : table()) output.say(line)
  noteIfCut(isCut, limit, output)
}
