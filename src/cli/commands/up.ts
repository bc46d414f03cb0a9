// `tycho up`: starts a system, from a Compose file or from one image.
import type { Command } from 'commander'
import type { Client } from '../../client/client.ts'
import { RefusedError } from '../../client/errors.ts'
import type { SystemRequest } from '../../client/shapes.ts'
import { readComposeRequest } from '../compose-request.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts'
import { followJob } from '../follow.ts'
import { findFiles } from '../local/find-files.ts'
import {
  append,
  createClientFor,
  once,
  parsePort,
  parseSeconds,
  type ServerOptions,
  withServerOptions,
} from '../options.ts'
import type { Output } from '../output.ts'
import { reportError } from '../report-error.ts'
import { printRemarks } from '../result.ts'
import { readSources, type Source } from '../source.ts'

type UpOptions = ServerOptions & {
  file?: string[]
  name?: string
  container?: string
  port?: number[]
  command?: string
  env?: string[]
  envFile?: string[]
  profile?: string[]
  wait: boolean
  timeout?: number
}

/** What a server may take to end a job whose deadline has passed: it removes what it made, pods take ten seconds. */
const graceSeconds = 30

const examples = `
Examples:
  $ cd project && tycho up
  $ tycho up -f samples/jupyter-datascience.yml
  $ tycho up -f compose.yaml -n class-1 --env TOKEN=secret --timeout 120
  $ tycho up -n notebook -c jupyter/datascience-notebook -p 8888 --command "start.sh jupyter lab"
  $ tycho up -f compose.yaml -f compose.override.yaml --profile debug
  $ cat compose.yaml | tycho up -f - -n piped --no-wait --json

Without -f the file is found as "docker compose" finds it: COMPOSE_FILE, else compose.yaml, compose.yml, docker-compose.yml
or docker-compose.yaml with its override, here or in the nearest folder above. COMPOSE_PROFILES and COMPOSE_ENV_FILES
count too. The name comes from -n, else from the file's "name:", else from its path: samples/hello.yml is "samples-hello", and
web/compose.yaml is "web". Variables in the file resolve from --env, then the shell, then --env-file, or .env beside
the file; of the last three only those are sent that the file uses.`

export function addUp(program: Command, context: Context): void {
  const command = program
    .command('up')
    .description('start a system and wait until it is ready')
    .option(
      '-f, --file <file>',
      'Compose file; - reads standard input; may be repeated, later ones are merged over earlier ones',
      append,
    )
    .option('-n, --name <name>', 'name of the system', once)
    .option('-c, --container <image>', 'image of a system of one container, instead of -f', once)
    .option('-p, --port <port>', 'port of that container to publish; may be repeated', parsePort)
    .option('--command <command>', 'command of that container', once)
    .option('--env <KEY=value>', 'variable for ${KEY} in the file; may be repeated', append)
    .option('--env-file <file>', 'file of variables, instead of .env; may be repeated', append)
    .option('--profile <name>', 'profile of the file to turn on; may be repeated, * is all', append)
    .option('--no-wait', "return when the server has accepted it, don't wait until it is ready")
    .option('--wait', 'wait until it is ready', true)
    .option('--timeout <seconds>', 'time for the system to become ready', parseSeconds)
    .addHelpText('after', examples)
  withServerOptions(command).action(async (options: UpOptions) => context.finish(await up(options, context)))
}

async function up(options: UpOptions, context: Context): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  const { request, source } = await readRequest(options, context)
  const { output } = context
  try {
    const first = await client.startSystem(request)
    if (!options.json) printRemarks(first.job.problems, source, output)
    // The server's deadline ends the job; this command's own patience is a little longer, to hear of it.
    const limitMs = options.timeout === undefined ? null : (options.timeout + graceSeconds) * 1000
    if (options.wait) return await followJob(client, first, { json: options.json, source, limitMs }, output)
    if (options.json) output.json(first.job)
    else output.say(`${first.job.system.name} is accepted as job ${first.job.id}`)
    return exitCodes.done
  } catch (error) {
    const code = reportError(error, { json: options.json, source }, output)
    if (!options.json && isTaken(error)) await noteHolder(client, request, output)
    return code
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof RefusedError && error.refusal.code === 'NAME_TAKEN'
}

/** A second `up` of the same: what the first one is doing, and what can be done. */
async function noteHolder(client: Client, { name }: SystemRequest, output: Output): Promise<void> {
  if (name === undefined) return
  const holder = await client.system(name).catch(() => null)
  if (holder === null) return
  const { phase, job } = holder
  const isUnderWay = phase === 'starting' || phase === 'updating'
  const wait = isUnderWay ? `"tycho wait ${job.id}" waits for it, ` : ''
  output.note(
    `${name} is ${phase}: ${wait}"tycho status ${name}" shows it, "tycho down ${name}" stops it, -n gives another name`,
  )
}

type ReadRequest = { request: SystemRequest; source: Source | null }

async function readRequest(options: UpOptions, context: Context): Promise<ReadRequest> {
  const timeout = options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }
  if (options.file !== undefined && options.container !== undefined) {
    throw new UsageError('-f and -c exclude each other: a system comes from a file or from an image')
  }
  if (options.container !== undefined) {
    return { request: { ...containerRequest(options, options.container), ...timeout }, source: null }
  }
  if (options.port || options.command !== undefined) {
    throw new UsageError('-p and --command belong to -c: a Compose file says these itself')
  }
  const files = findFiles(options.file, context.folder, context.readShell)
  const read = await readSources(files, context.stdin)
  const { request, source } = await readComposeRequest(options, read, context)
  return { request: { ...request, ...timeout }, source }
}

function containerRequest(options: UpOptions, image: string): SystemRequest {
  if (options.name === undefined) throw new UsageError('-c needs a name for the system: -n NAME')
  if (options.env || options.envFile) {
    throw new UsageError('--env and --env-file belong to -f: they fill in the variables of a Compose file')
  }
  if (options.profile) throw new UsageError('--profile belongs to -f: a Compose file has profiles')
  return {
    name: options.name,
    image,
    ...(options.port && { ports: options.port }),
    ...(options.command !== undefined && { command: options.command }),
  }
}
