// `tycho version`: what this is.
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'

const packageFile = new URL('../../../package.json', import.meta.url)

export function addVersion(program: Command, context: Context): void {
  program
    .command('version')
    .description('print the version')
    .option('--json', 'print one JSON document and nothing else')
    .action(async (options: { json?: true }) => {
      const { version } = JSON.parse(await readFile(packageFile, 'utf8')) as { version: string }
      if (options.json) context.output.json({ version, node: process.versions.node })
      else context.output.say(version)
      context.finish(exitCodes.done)
    })
}
