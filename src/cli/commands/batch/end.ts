// `tycho batch cancel`, `retry` and `down`: what is asked of a batch as a whole, once it is there.
import type { Command } from 'commander'
import type { Client, TaggedBatch } from '../../../client/client.ts'
import type { Batch } from '../../../client/shapes.ts'
import { exitCodeOfBatch, printBatchOutcome } from '../../batch/batch-outcome.ts'
import { countsOf } from '../../batch/batch-view.ts'
import { watchBatch } from '../../batch/follow-batch.ts'
import type { Context } from '../../context.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import {
  createClientFor,
  parseSeconds,
  type ServerOptions,
  type WaitOptions,
  withServerOptions,
  withWaitOptions,
} from '../../options.ts'
import type { Output } from '../../output.ts'

type WishOptions = ServerOptions & WaitOptions & { volumes?: true }

type Wish = {
  name: string
  description: string
  until: string
  help: string
  ask(client: Client, id: string, options: WishOptions): Promise<TaggedBatch>
  /** Says what has become of it, and gives the exit code. */
  end(client: Client, batch: Batch, output: Output): Promise<ExitCode>
  /** What is said where nobody waits. */
  underWay: string
}

const example = '01m1x6wz4z8xk5vq6n3d8e2r7c'

const cancel: Wish = {
  name: 'cancel',
  description: 'end the start of a batch: what waits is not started, what is starting is undone',
  until: 'all that was starting is undone',
  help: 'What runs already goes on running: "tycho batch down" stops that too.',
  ask: (client, id) => client.cancelBatch(id),
  underWay: 'is being canceled',
  async end(_client, batch, output) {
    output.say(`${batch.name}: ${countsOf(batch, output.paint.result)}`)
    if (batch.counts.succeeded > 0) output.note(`What runs goes on: "tycho batch down ${batch.id}" stops it`)
    return exitCodes.done
  },
}

const retry: Wish = {
  name: 'retry',
  description: 'start once more what has failed',
  until: 'all have started',
  help: 'Each is a new job. Ends as "tycho batch create" does; where nothing has failed, there is nothing to do.',
  ask: (client, id) => client.retryBatch(id),
  underWay: 'is tried again',
  async end(client, batch, output) {
    await printBatchOutcome(client, batch, output)
    return exitCodeOfBatch(batch)
  },
}

const down: Wish = {
  name: 'down',
  description: 'stop every system of a batch and remove what they had',
  until: 'all are gone',
  help: 'Systems that wait are not started. The list of the batch is kept for a while.',
  ask: (client, id, { volumes = false }) => client.stopBatch(id, volumes),
  underWay: 'is being stopped',
  async end(_client, batch, output) {
    output.say(`${batch.name} ${output.paint.result('green', 'is stopped')}`)
    return exitCodes.done
  },
}

export function addBatchEnds(batch: Command, context: Context): void {
  addWish(batch, cancel, context)
  addWish(batch, retry, context)
  addWish(batch, down, context).option('--volumes', 'delete the named volumes too, with all that is in them')
}

function addWish(batch: Command, wish: Wish, context: Context): Command {
  const command = batch
    .command(wish.name)
    .description(wish.description)
    .argument('<batch>', 'id of the batch')
    .option('--timeout <seconds>', 'longest time to wait', parseSeconds)
    .addHelpText('after', helpOf(wish))
  return withServerOptions(withWaitOptions(command, wish.until)).action(
    async (id: string, options: WishOptions) => context.finish(await carryOut(wish, id, options, context)),
  )
}

function helpOf({ name, help }: Wish): string {
  const more = name === 'down' ? `\n  $ tycho batch down ${example} --volumes` : ''
  return `
Examples:
  $ tycho batch ${name} ${example}
  $ tycho batch ${name} ${example} --no-wait${more}

${help}`
}

async function carryOut(
  wish: Wish,
  id: string,
  options: WishOptions,
  { config, output }: Context,
): Promise<ExitCode> {
  const client = createClientFor(options, config)
  const { json, timeout } = options
  const asked = await wish.ask(client, id, options)
  if (!options.wait) {
    if (json) output.json(asked.batch)
    else output.say(`${asked.batch.name} ${wish.underWay}: ${asked.batch.progress.message}`)
    return exitCodes.done
  }
  const limitMs = timeout === undefined ? null : timeout * 1000
  const batch = await watchBatch(client, asked, { json, limitMs }, output)
  if (!json) return wish.end(client, batch, output)
  output.json(batch)
  return wish.name === 'retry' ? exitCodeOfBatch(batch) : exitCodes.done
}
