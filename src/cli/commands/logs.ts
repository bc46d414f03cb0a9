// `tycho logs`: what the containers of a system say.
import { type Command, InvalidArgumentError } from 'commander'
import type { Client } from '../../client/client.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes, InterruptedError, UsageError } from '../exit-codes.ts'
import { createInterrupt } from '../interrupt.ts'
import { createLogPainter, parseLogLine } from '../log-view.ts'
import { createClientFor, once, type ServerOptions, withServerOptions } from '../options.ts'
import type { Output } from '../output.ts'

type LogsOptions = ServerOptions & { follow?: true; service?: string; tail?: number; since?: string }

const examples = `
Examples:
  $ tycho logs samples-hello
  $ tycho logs shop -f --service web
  $ tycho logs shop --since 10m | grep error
  $ tycho logs shop --tail 20 --json

Without --tail and --since these are the last 100 lines of each container. --since is a time (2026-01-01T12:00:00Z), or how
long ago (10m, 1h30m, or seconds). Where several containers speak, each line begins with "service/copy | "; on a terminal
each has its colour. -f goes on over restarts of containers and breaks of the connection, until the system ends; Ctrl-C
ends the command alone.`

export function addLogs(program: Command, context: Context): void {
  const command = program
    .command('logs')
    .description('show what the containers of a system say')
    .argument('<name>', 'name of the system')
    .option('-f, --follow', 'go on with what they say from now on')
    .option('--service <service>', 'of one service, and of what runs once before it', once)
    .option('--tail <lines>', 'of each container the last so many lines', parseTail)
    .option('--since <time>', 'from this time on, or since so long ago', once)
    .addHelpText('after', examples)
  withServerOptions(command).action(async (name: string, options: LogsOptions) =>
    context.finish(await logs(name, options, context)),
  )
}

async function logs(name: string, options: LogsOptions, { config, output }: Context): Promise<ExitCode> {
  const client = createClientFor(options, config)
  if (options.follow && options.json)
    throw new UsageError('-f has no end, and --json is one document: one of them')
  using interrupt = createInterrupt()
  const lines = linesOf(client, name, options, interrupt.signal, output)
  try {
    if (options.json) output.json({ lines: (await Array.fromAsync(lines)).map(parseLogLine) })
    else await print(lines, output)
    return exitCodes.done
  } catch (error) {
    // Who follows a log ends it so: there is nothing to say.
    if (error instanceof InterruptedError) return exitCodes.interrupted
    throw error
  }
}

function linesOf(
  client: Client,
  name: string,
  { follow, service, tail, since }: LogsOptions,
  signal: AbortSignal,
  output: Output,
): AsyncGenerator<string> {
  const query = {
    ...(service !== undefined && { service }),
    ...(tail !== undefined && { tail }),
    ...(since !== undefined && { since }),
  }
  const onBreak = (reason: string) => output.note(`${reason}; trying again`)
  return follow ? client.followLogs(name, query, { signal, onBreak }) : client.logs(name, query, signal)
}

async function print(lines: AsyncIterable<string>, output: Output): Promise<void> {
  const paint = output.isTerminal ? createLogPainter(output.paint.result) : (line: string) => line
  for await (const line of lines) await output.write(`${paint(line)}\n`)
}

function parseTail(value: string): number {
  if (!/^\d{1,6}$/.test(value) || Number(value) > 100_000)
    throw new InvalidArgumentError('A number of lines is a whole number, from 0 to 100000.')
  return Number(value)
}
