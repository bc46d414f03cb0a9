// `tycho doctor`: what is away, and what stands in the cluster that nobody knows of.
import type { Command } from 'commander'
import type { Doctor, Stray } from '../../client/shapes.ts'
import type { Context } from '../context.ts'
import { doctorLines, strayLines } from '../doctor-view.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { createClientFor, type ServerOptions, withServerOptions } from '../options.ts'

type DoctorOptions = ServerOptions & { remove?: string[] }

const examples = `
Examples:
  $ tycho doctor
  $ tycho doctor --remove 6f1c2f0e-9d52-4c0b-8a55-1f6f5d1f3c11

A stray is an object that carries Tycho's labels, but belongs to no system that Tycho knows: something else has lost
track of it. Tycho never removes one by itself. Ends with 1 where something is away, or there are strays.`

export function addDoctor(program: Command, context: Context): void {
  const command = program
    .command('doctor')
    .description('show versions, what is away, and strays in the cluster; or remove strays')
    .option('--remove <uid...>', 'remove these strays, each by its uid')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (options: DoctorOptions) =>
    context.finish(await doctor(options, context)),
  )
}

async function doctor(options: DoctorOptions, context: Context): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  if (options.remove) return showRemoval(await client.removeStrays(options.remove), options, context)
  return showFindings(await client.doctor(), options, context)
}

function showFindings(found: Doctor, options: DoctorOptions, { output }: Context): ExitCode {
  if (options.json) output.json(found)
  else for (const line of doctorLines(found, output.paint.result)) output.say(line)
  return found.healthy ? exitCodes.done : exitCodes.failed
}

function showRemoval(strays: Stray[], options: DoctorOptions, { output }: Context): ExitCode {
  if (options.json) output.json({ strays })
  else for (const line of ['Being removed:', ...strayLines(strays)]) output.say(line)
  return exitCodes.done
}
