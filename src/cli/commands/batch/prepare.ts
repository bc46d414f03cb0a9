// `tycho batch prepare`: the images of a batch are pulled to the nodes before it is launched.
import type { Command } from 'commander'
import type { Client, TaggedPreparation } from '../../../client/client.ts'
import type { Preparation } from '../../../client/shapes.ts'
import {
  type BatchOptions,
  itemsHelp,
  readBatchRequest,
  withBatchOptions,
} from '../../batch/batch-options.ts'
import { failureLines, headOf, outcomeOf, preparationView } from '../../batch/preparation-view.ts'
import type { Context } from '../../context.ts'
import { type ExitCode, exitCodeOfJob, exitCodes, UsageError } from '../../exit-codes.ts'
import { oneLine } from '../../one-line.ts'
import { createClientFor, once, parseSeconds } from '../../options.ts'
import type { Output } from '../../output.ts'
import { reportError } from '../../report-error.ts'
import type { Source } from '../../source.ts'
import type { Poll, Tagged } from '../../wait.ts'
import { goesOn, watchUntilDone } from '../../watch.ts'

type PrepareOptions = BatchOptions & { wait: boolean; timeout?: number; follow?: string; cancel?: string }

/** What a server may take to end one whose deadline has passed: it removes what has pulled. */
const graceSeconds = 30

const examples = `
Examples:
  $ tycho batch prepare -f samples/notebook-class.yml --count 300
  $ tycho batch prepare -f notebook.yml --items students.csv --timeout 1800
  $ tycho batch prepare -f notebook.yml --count 30 --no-wait
  $ tycho batch prepare --follow 01m1x6wz4z8xk5vq6n3d8e2r7c
${itemsHelp}

The images of all systems are pulled to every node that may run them, and each node is reported. Nothing is started.`

export function addBatchPrepare(batch: Command, context: Context): void {
  const command = batch
    .command('prepare')
    .description('pull the images of a batch to the nodes before it is launched')
    .addHelpText('after', examples)
  withBatchOptions(command)
    .option('--no-wait', "return when the server has accepted it, don't wait until the images are there")
    .option('--wait', 'wait until the images are there', true)
    .option('--timeout <seconds>', 'time for the images to be there', parseSeconds)
    .option('--follow <id>', 'show one that is under way, instead of -f', once)
    .option('--cancel <id>', 'end one that is under way, instead of -f; images that are there stay', once)
    .action(async (options: PrepareOptions) => context.finish(await prepare(options, context)))
}

async function prepare(options: PrepareOptions, context: Context): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  const { output } = context
  let source: Source | null = null
  try {
    const asked = await ask(client, options, context, (read) => {
      source = read
    })
    const preparation = options.wait ? await watch(client, asked, options, output) : asked.preparation
    print(preparation, options, output)
    return codeOf(preparation, options)
  } catch (error) {
    return reportError(error, { json: options.json, source }, output)
  }
}

/** Throws UsageError. `onRead` is given the file that is sent. */
async function ask(
  client: Client,
  options: PrepareOptions,
  context: Context,
  onRead: (source: Source) => void,
): Promise<TaggedPreparation> {
  const { file, follow, cancel, timeout } = options
  if ([file, follow, cancel].filter((one) => one !== undefined).length > 1)
    throw new UsageError('-f, --follow and --cancel exclude each other')
  if (cancel !== undefined) return client.cancelPreparation(cancel)
  if (follow !== undefined) {
    const found = await client.pollPreparation(follow, null)
    if (found) return found
  }
  const { request, source } = await readBatchRequest(options, context)
  onRead(source)
  return client.prepareBatch({ ...request, ...(timeout !== undefined && { timeoutSeconds: timeout }) })
}

/** Shows it until it is done. A PatienceError or InterruptedError says what goes on without the user. */
function watch(
  client: Client,
  first: TaggedPreparation,
  { json, timeout }: PrepareOptions,
  output: Output,
): Promise<Preparation> {
  const { id } = first.preparation
  const poll: Poll<Preparation> = async (etag, signal) => {
    const next = await client.pollPreparation(id, etag, signal)
    return next && toTagged(next)
  }
  // The server's deadline ends it; this command's own patience is a little longer, to hear of it.
  const limitMs = timeout === undefined ? null : (timeout + graceSeconds) * 1000
  const hint = `"tycho batch prepare --follow ${id}" shows it, "--cancel ${id}" ends it`
  const farewell = (error: unknown) => goesOn(error, hint)
  return watchUntilDone(
    { first: toTagged(first), poll, view: preparationView, json, limitMs, farewell },
    output,
  )
}

function toTagged({ preparation, etag }: TaggedPreparation): Tagged<Preparation> {
  return { state: preparation, etag }
}

function print(preparation: Preparation, options: PrepareOptions, output: Output): void {
  const { id, status, done, error } = preparation
  if (options.json) output.json(preparation)
  else if (!done) output.say(`${headOf(preparation)}: ${id} is ${options.cancel ? 'being ended' : status}`)
  else if (status === 'succeeded') output.say(output.paint.result('green', outcomeOf(preparation)))
  else if (options.cancel && status === 'canceled') output.say(`${headOf(preparation)}: ${id} is canceled`)
  else {
    for (const line of failureLines(preparation, output.paint.note)) output.note(line)
    output.note(`${output.paint.note('red', status)}: ${error?.code}: ${oneLine(error?.message ?? '')}`)
  }
}

/** One that was ended because it was asked for has done what was asked. */
function codeOf(preparation: Preparation, { cancel }: PrepareOptions): ExitCode {
  const { status, done } = preparation
  return !done || (cancel !== undefined && status === 'canceled')
    ? exitCodes.done
    : exitCodeOfJob(preparation)
}
