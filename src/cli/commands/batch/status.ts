// `tycho batch status`: how far a batch is.
import type { Command } from 'commander'
import { exitCodeOfBatch } from '../../batch/batch-outcome.ts'
import { batchLines, terseBatch } from '../../batch/batch-view.ts'
import { watchBatch } from '../../batch/follow-batch.ts'
import type { Context } from '../../context.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import { createClientFor, parseSeconds, type ServerOptions, withServerOptions } from '../../options.ts'

type StatusOptions = ServerOptions & { wait?: true; timeout?: number; terse?: true }

const examples = `
Examples:
  $ tycho batch status 01m1x6wz4z8xk5vq6n3d8e2r7c
  $ tycho batch status 01m1x6wz4z8xk5vq6n3d8e2r7c --wait
  $ tycho batch status 01m1x6wz4z8xk5vq6n3d8e2r7c --json

With --wait it ends when nothing more happens to the batch: with 0 when all have started, 1 when one has failed, 8 when the
batch was canceled.`

export function addBatchStatus(batch: Command, context: Context): void {
  const command = batch
    .command('status')
    .description('show how far a batch is')
    .argument('<batch>', 'id of the batch')
    .option('--wait', 'wait until nothing more happens to it')
    .option('--timeout <seconds>', 'longest time to wait', parseSeconds)
    .option('-t, --terse', 'one line: id, name, status, started and all, with tabs between')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (id: string, options: StatusOptions) =>
    context.finish(await status(id, options, context)),
  )
}

async function status(id: string, options: StatusOptions, { config, output }: Context): Promise<ExitCode> {
  const client = createClientFor(options, config)
  const { json, timeout, wait } = options
  const found = await client.batch(id)
  const limitMs = timeout === undefined ? null : timeout * 1000
  const batch = wait ? await watchBatch(client, found, { json, limitMs }, output) : found.batch
  const lines = options.terse ? [terseBatch(batch)] : batchLines(batch, output.paint.result)
  if (json) output.json(batch)
  else for (const line of lines) output.say(line)
  return wait ? exitCodeOfBatch(batch) : exitCodes.done
}
