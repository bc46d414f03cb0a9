// `tycho status`: what runs, and how it is.
import type { Command } from 'commander'
import type { System } from '../../client/shapes.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { createClientFor, type ServerOptions, withServerOptions } from '../options.ts'
import type { Output } from '../output.ts'
import { systemLines, systemTable, terseLine } from '../system-view.ts'

type StatusOptions = ServerOptions & { terse?: true }

const examples = `
Examples:
  $ tycho status
  $ tycho status samples-hello
  $ tycho status --terse | cut -f1

--terse prints a line for each system: name, phase and the URL of its first port, with tabs between them.`

export function addStatus(program: Command, context: Context): void {
  const command = program
    .command('status')
    .description('show the systems, or one with its services and the reason where one is not ready')
    .argument('[name]', 'name of a system')
    .option('-t, --terse', 'one line for each system, for scripts')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (name: string | undefined, options: StatusOptions) =>
    context.finish(await status(name, options, context)),
  )
}

async function status(name: string | undefined, options: StatusOptions, context: Context): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  const { output } = context
  if (name === undefined) {
    const systems = await client.systems()
    if (options.json) output.json({ systems })
    else showAll(systems, options, output)
  } else {
    const system = await client.system(name)
    if (options.json) output.json(system)
    else showOne(system, options, output)
  }
  return exitCodes.done
}

function showAll(systems: System[], options: StatusOptions, output: Output): void {
  if (systems.length === 0 && !options.terse) {
    output.note('No systems. Start one: tycho up -f samples/hello.yml')
    return
  }
  const table = () => systemTable(systems, Date.now(), output.paint.result)
  for (const line of options.terse ? systems.map(terseLine) : table()) output.say(line)
}

function showOne(system: System, options: StatusOptions, output: Output): void {
  const lines = options.terse ? [terseLine(system)] : systemLines(system, output.paint.result)
  for (const line of lines) output.say(line)
}
