// `tycho version`: what this is.
import type { Command } from 'commander'
import { readVersion } from '../../version.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

export function addVersion(program: Command, context: Context): void {
  program
    .command('version')
    .description('print the version')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (options: { json?: true }) => {
      const version = await readVersion()
      if (options.json) context.output.json({ version, node: process.versions.node })
      else context.output.say(version)
      context.finish(exitCodes.done)
    })
}
