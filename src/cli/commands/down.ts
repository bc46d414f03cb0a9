// `tycho down`: stops systems and removes what they had.
import type { Command } from 'commander'
import type { Client, TaggedJob } from '../../client/client.ts'
import type { Job } from '../../client/shapes.ts'
import { nameWritten, systemNameOf } from '../compose-look.ts'
import type { Context } from '../context.ts'
import {
  type ExitCode,
  exitCodeOfError,
  exitCodeOfJob,
  exitCodes,
  InterruptedError,
  UsageError,
} from '../exit-codes.ts'
import { watchJob } from '../follow.ts'
import { findEnvFiles, findFiles } from '../local/find-files.ts'
import { nameOfFile } from '../names.ts'
import { append, createClientFor, parseSeconds, type ServerOptions, withServerOptions } from '../options.ts'
import { type ErrorDocument, reportError, toErrorDocument } from '../report-error.ts'
import { printOutcome } from '../result.ts'
import { readSources } from '../source.ts'
import { collectVariables } from '../variables.ts'

type DownOptions = ServerOptions & {
  file?: string[]
  envFile?: string[]
  volumes: boolean
  wait: boolean
  timeout?: number
}

const examples = `
Examples:
  $ tycho down samples-hello
  $ tycho down -f samples/hello.yml
  $ cd project && tycho down
  $ tycho down one two three --no-wait
  $ tycho down samples-hello --volumes

Without a name and -f, it is the system of the Compose file that "tycho up" would find here. With several names, each is stopped whatever becomes of the others; the exit code is that of the first that failed.`

export function addDown(program: Command, context: Context): void {
  const command = program
    .command('down')
    .description('stop systems and remove what they had')
    .argument('[names...]', 'names of systems')
    .option(
      '-f, --file <file>',
      'Compose file that a system was started from; - reads standard input; may be repeated',
      append,
    )
    .option('--env-file <file>', 'file of variables for its name, instead of .env; may be repeated', append)
    .option('--volumes', 'delete the named volumes too, with all that is in them', false)
    .option('--no-wait', "return when the server has accepted it, don't wait until it is gone")
    .option('--wait', 'wait until it is gone', true)
    .option('--timeout <seconds>', 'longest time to wait', parseSeconds)
    .addHelpText('after', examples)
  withServerOptions(command).action(async (names: string[], options: DownOptions) =>
    context.finish(await down(names, options, context)),
  )
}

async function down(names: string[], options: DownOptions, context: Context): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  const wanted = await namesOf(names, options, context)
  const requests = await Promise.allSettled(
    wanted.map((name) => client.stopSystem(name, { volumes: options.volumes })),
  )
  const endings: Ending[] = []
  for (const request of requests) endings.push(await endOf(request, client, options, context))
  if (options.json) {
    const documents = endings.map((ending) => ending.document)
    context.output.json(documents.length === 1 ? documents[0] : { jobs: documents })
  }
  return endings.find((ending) => ending.code !== exitCodes.done)?.code ?? exitCodes.done
}

async function namesOf(names: string[], options: DownOptions, context: Context): Promise<string[]> {
  if (options.file !== undefined && names.length > 0) {
    throw new UsageError('Name the systems to stop, or with -f the file that one was started from')
  }
  if (names.length > 0) return [...new Set(names)]
  const files = findFiles(options.file, context.folder, context.readShell)
  return [await nameFromFiles(files, options, context)]
}

/** The name that `tycho up -f` gives to the system of these files. */
async function nameFromFiles(
  files: readonly string[],
  options: DownOptions,
  context: Context,
): Promise<string> {
  const source = await readSources(files, context.stdin)
  const written = nameWritten(source)
  const envFile = findEnvFiles(options.envFile, context.readShell)
  const name =
    written === null
      ? source.path && nameOfFile(source.path, context.folder)
      : systemNameOf(
          written,
          await collectVariables(source, { ...(envFile && { envFile }) }, context.readShell),
        )
  if (!name)
    throw new UsageError(`The name of the system can't be told from ${source.label}: give the name instead`)
  return name
}

/** How the stop of one system ended; printed already unless `json`. */
type Ending = { code: ExitCode; document: Job | { error: ErrorDocument } | null }

async function endOf(
  request: PromiseSettledResult<TaggedJob>,
  client: Client,
  options: DownOptions,
  { output }: Context,
): Promise<Ending> {
  try {
    if (request.status === 'rejected') throw request.reason
    const limitMs = options.timeout === undefined ? null : options.timeout * 1000
    const job = options.wait
      ? await watchJob(client, request.value, { json: options.json, limitMs }, output)
      : request.value.job
    if (!options.json && options.wait) printOutcome(job, null, output)
    else if (!options.json) output.say(`${job.system.name} is being stopped by job ${job.id}`)
    return { code: exitCodeOfJob(job), document: job }
  } catch (error) {
    if (error instanceof InterruptedError) throw error
    if (options.json)
      return { code: exitCodeOfError(error), document: { error: toErrorDocument(error, null) } }
    return { code: reportError(error, { json: undefined, source: null }, output), document: null }
  }
}
