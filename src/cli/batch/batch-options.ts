// What the commands that send a whole batch are given, and the request that they send.
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { BatchRequest } from '../../client/shapes.ts'
import { readComposeRequest } from '../compose-request.ts'
import type { Context } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { findFiles } from '../local/find-files.ts'
import { append, once, type ServerOptions, withServerOptions } from '../options.ts'
import { readSource, readSources, type Source } from '../source.ts'
import { readItems } from './read-items.ts'

export type BatchOptions = ServerOptions & {
  file?: string[]
  name?: string
  count?: number
  items?: string
  env?: string[]
  envFile?: string[]
  profile?: string[]
  exposure?: Exposure
}

type Exposure = NonNullable<BatchRequest['exposure']>

const exposures = ['nodePort', 'loadBalancer', 'clusterIP', 'ingress'] as const satisfies Exposure[]

/** For the end of the help of each. */
export const itemsHelp = `
The template is a Compose file as for "tycho up", and found as there without -f. Its systems are so many equal ones (--count), or one for each item of a
file (--items): JSON as the API takes it, or a table with a line for each and commas between the cells, whose columns are
"name", "clientId" and variables of the template. Variables resolve as with "tycho up"; those of an item come first.`

export function withBatchOptions(command: Command): Command {
  command
    .option(
      '-f, --file <file>',
      'Compose file, the template; - reads standard input; may be repeated, later ones are merged over earlier ones',
      append,
    )
    .option('-n, --name <name>', 'name of the batch', once)
    .option('--count <number>', 'so many equal systems', parseCount)
    .option(
      '--items <file>',
      'one system for each item of this file, JSON or CSV; - reads standard input',
      once,
    )
    .option('--env <KEY=value>', 'variable for ${KEY} in the file; may be repeated', append)
    .option('--env-file <file>', 'file of variables, instead of .env; may be repeated', append)
    .option('--profile <name>', 'profile of the file to turn on; may be repeated, * is all', append)
    .addOption(
      new Option('--exposure <exposure>', "how published ports get out; else the server's way").choices(
        exposures,
      ),
    )
  return withServerOptions(command)
}

/** Throws UsageError. */
export async function readBatchRequest(
  options: BatchOptions,
  context: Context,
): Promise<{ request: BatchRequest; source: Source }> {
  const { count, items, exposure } = options
  const file = findFiles(options.file, context.folder, context.readShell)
  if ((count === undefined) === (items === undefined))
    throw new UsageError('Say how many systems: either with --count, or with --items')
  if (items === '-' && file.includes('-')) throw new UsageError('Standard input can be read once')
  const read = await readSources(file, context.stdin)
  const { request, source } = await readComposeRequest(options, read, context)
  const list = items === undefined ? null : readItems(await readSource(items, context.stdin))
  return {
    request: {
      ...request,
      ...(list ? { items: list } : { count: count ?? 1 }),
      ...(exposure && { exposure }),
    },
    source,
  }
}

function parseCount(value: string): number {
  const count = /^\d+$/.test(value) ? Number(value) : 0
  if (count < 1 || !Number.isSafeInteger(count))
    throw new InvalidArgumentError('A number of systems is a whole number, at least 1.')
  return count
}
