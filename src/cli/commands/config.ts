// `tycho config`: a Compose file as it is understood, without a server.
import { type Command, Option } from 'commander'
import { printCanonical } from '../../compose/print/print-canonical.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes } from '../exit-codes.ts'
import { compilers } from '../local/compilers.ts'
import { findFiles } from '../local/find-files.ts'
import { noteProblems } from '../local/note-problems.ts'
import { type LocalOptions, parseLocally } from '../local/parse-locally.ts'
import { append, once } from '../options.ts'

type ConfigOptions = LocalOptions & { file?: string[]; format: 'json' | 'yaml'; quiet?: true; json?: true }

const examples = `
Examples:
  $ tycho config -f samples/jupyter-datascience.yml
  $ tycho config -f compose.yaml -f compose.test.yaml --format json
  $ tycho config --env TAG=2 --profile debug --quiet

Prints the file that all files together amount to: variables filled in, extends and include resolved, every short form
written out, as "docker compose config" does. Paths stay relative. Without -f the file is the one that COMPOSE_FILE
names, else compose.yaml and compose.override.yaml. Remarks and errors go to standard error; the exit code is 2 where
there is an error.`

export function addConfig(program: Command, context: Context): void {
  program
    .command('config')
    .description('print what a Compose file means, in its canonical form; needs no server')
    .option(
      '-f, --file <file>',
      'Compose file; - reads standard input; later ones change earlier ones',
      append,
    )
    .addOption(
      new Option('--format <format>', 'form of the result').choices(['yaml', 'json']).default('yaml'),
    )
    .option('-n, --name <name>', 'name of the system', once)
    .option('--profile <profile>', 'profile to turn on; * is all; may be repeated', append)
    .option('--env <KEY=value>', 'variable for ${KEY} in the file; may be repeated', append)
    .option('--env-file <file>', 'file of variables, instead of .env; may be repeated', append)
    .option('-q, --quiet', 'print no result: only check')
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', examples)
    .action(async (options: ConfigOptions) => context.finish(await config(options, context)))
}

async function config(options: ConfigOptions, context: Context): Promise<ExitCode> {
  const { output, folder, readShell } = context
  const { parsed, sources } = await parseLocally(findFiles(options.file, folder, readShell), options, {
    ...context,
    checkExtension: compilers.kubernetes.checkExtension,
  })
  const { problems, spec, canonical } = parsed
  if (!options.json) noteProblems(problems, sources, output)
  if (!spec) {
    const detail = problems.find(({ severity }) => severity === 'error')?.message
    if (options.json) output.json({ error: { code: 'INVALID_SYSTEM', detail, problems } })
    return exitCodes.badInput
  }
  const format = options.json ? 'json' : options.format
  if (!options.quiet) output.say(printCanonical(canonical, format).trimEnd())
  return exitCodes.done
}
