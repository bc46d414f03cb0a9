// `tycho compile`: what a Compose file becomes on Kubernetes, on Docker or on a swarm, without a server, a cluster or an engine.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import type { Stage } from '../../orchestrators/orchestrator.ts'
import { printDocuments, printManifests } from '../../orchestrators/print.ts'
import { hasErrors, locateProblems, type Problem } from '../../problem.ts'
import type { Exposure } from '../../system/endpoint.ts'
import { toSystemName } from '../../system/names.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts'
import { compilers, type Target, targets } from '../local/compilers.ts'
import { findFiles } from '../local/find-files.ts'
import { noteProblems } from '../local/note-problems.ts'
import { type LocalOptions, type ParsedLocally, parseLocally } from '../local/parse-locally.ts'
import { nameOfFile } from '../names.ts'
import { append, once } from '../options.ts'

type CompileOptions = LocalOptions & {
  file?: string[]
  for: Target
  namespace: string
  exposure: Exposure
  output?: string
  json?: true
}

type Result = { problems: Problem[]; stages: Stage[] }

const exposures = ['nodePort', 'loadBalancer', 'clusterIP', 'ingress'] as const satisfies Exposure[]

const examples = `
Examples:
  $ tycho compile -f samples/counter.yml
  $ tycho compile -f samples/counter.yml --for docker
  $ tycho compile -f compose.yaml -f compose.prod.yaml -n shop -o manifests
  $ cat compose.yaml | tycho compile -f - -n shop | kubectl apply --dry-run=server -f -

Prints one file of many documents, in the order in which Tycho makes the objects, for a current Kubernetes, Docker or swarm. With -o each
object gets a file of its own in that folder. Remarks and errors go to standard error; the exit code is 2 where there is
an error. What a running system really has, its owner and its incarnation, is known only to the server.`

export function addCompile(program: Command, context: Context): void {
  program
    .command('compile')
    .description('print the objects that a Compose file becomes; needs no server')
    .option(
      '-f, --file <file>',
      'Compose file; - reads standard input; later ones change earlier ones',
      append,
    )
    .addOption(
      new Option('--for <orchestrator>', 'what the objects are for').choices(targets).default('kubernetes'),
    )
    .option('-o, --output <folder>', 'write a file for each object into this folder', once)
    .option('-n, --name <name>', 'name of the system', once)
    .option('--namespace <namespace>', 'namespace of the objects', 'default')
    .addOption(
      new Option('--exposure <exposure>', 'how published ports get out')
        .choices(exposures)
        .default('nodePort'),
    )
    .option('--profile <profile>', 'profile to turn on; * is all; may be repeated', append)
    .option('--env <KEY=value>', 'variable for ${KEY} in the file; may be repeated', append)
    .option('--env-file <file>', 'file of variables, instead of .env; may be repeated', append)
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', examples)
    .action(async (options: CompileOptions) => context.finish(await compileFiles(options, context)))
}

async function compileFiles(options: CompileOptions, context: Context): Promise<ExitCode> {
  if (options.json && options.output !== undefined) throw new UsageError('--json and -o exclude each other')
  const given = options.name === undefined ? null : checkedName(options.name)
  const files = findFiles(options.file, context.folder, context.readShell)
  const { checkExtension } = compilers[options.for]
  const read = await parseLocally(files, options, { ...context, checkExtension })
  const { spec } = read.parsed
  const result = spec
    ? compileSpec(spec, read, given ?? nameFor(spec, read, context), options)
    : { problems: read.parsed.problems, stages: [] }
  if (!options.json) noteProblems(result.problems, read.sources, context.output)
  await print(result, options, context)
  return hasErrors(result.problems) ? exitCodes.badInput : exitCodes.done
}

function checkedName(name: string): string {
  if (toSystemName(name) !== name) throw new UsageError(`-n ${name}: a name is of a-z, 0-9 and -, at most 40`)
  return name
}

/** As `tycho up` names it. */
function nameFor(spec: SystemSpec, { sources }: ParsedLocally, { folder }: Context): string {
  const path = sources[0]?.path ?? null
  const name = toSystemName(spec.name ?? '') ?? (path === null ? null : nameOfFile(path, folder))
  if (name === null) throw new UsageError('Nothing here can be the name of the system: give one with -n')
  return name
}

function compileSpec(
  spec: SystemSpec,
  { parsed }: ParsedLocally,
  name: string,
  options: CompileOptions,
): Result {
  const { namespace, exposure } = options
  const identity = { tenant: 'local', namespace, name, sid: '0'.repeat(32) }
  const { stages, problems } = compilers[options.for].compile({ identity, spec, exposure })
  return { stages, problems: [...parsed.problems, ...locateProblems(problems, parsed.positions)] }
}

async function print({ stages, problems }: Result, options: CompileOptions, context: Context): Promise<void> {
  const { output } = context
  if (options.json) {
    const manifests = stages.flatMap((stage) => stage.manifests.map(({ body }) => body))
    output.json({ manifests, problems })
  } else if (options.output !== undefined) {
    await mkdir(options.output, { recursive: true })
    for (const { fileName, text } of printManifests(stages)) {
      await writeFile(join(options.output, fileName), text)
      output.say(join(options.output, fileName))
    }
  } else if (stages.length > 0) output.say(printDocuments(stages).trimEnd())
}
