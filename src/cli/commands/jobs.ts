// `tycho jobs`: the work on systems, that which is under way and that which is done.
import { type Command, Option } from 'commander'
import type { Job } from '../../client/shapes.ts'
import type { Context } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { jobTable, terseJob } from '../job-view.ts'
import { noteIfCut, readLimited, usualLimit } from '../limited.ts'
import { createClientFor, once, parseLimit, type ServerOptions, withServerOptions } from '../options.ts'
import { statuses } from '../status-styles.ts'

type Kind = Job['kind']

type JobsOptions = ServerOptions & {
  status?: Job['status']
  kind?: string
  system?: string
  batch?: string
  limit: number
  terse?: true
}

const kinds = {
  start: 'system.start',
  stop: 'system.stop',
  update: 'system.update',
  restart: 'system.restart',
  suspend: 'system.suspend',
  resume: 'system.resume',
} as const satisfies Record<string, Kind>

const examples = `
Examples:
  $ tycho jobs
  $ tycho jobs --status failed --kind start
  $ tycho jobs --system samples-hello --limit 5
  $ tycho jobs --batch 01m1x6wz4z8xk5vq6n3d8e2r7c --terse | cut -f1

Newest first; of a batch the newest of each of its systems, in the order of the request. --terse prints a line for each
job: id, system, kind and status, with tabs between. "tycho wait JOB" waits for one, "tycho cancel JOB" ends it.`

export function addJobs(program: Command, context: Context): void {
  const command = program
    .command('jobs')
    .description('list jobs: each start, stop or change of a system')
    .addOption(new Option('--status <status>', 'only those that stand so').choices(statuses))
    .addOption(new Option('--kind <kind>', 'only those that do this').choices(Object.keys(kinds)))
    .option('--system <name>', 'only those on this system', once)
    .option('--batch <id>', 'only those of this batch', once)
    .option('--limit <number>', 'so many at most', parseLimit, usualLimit)
    .option('-t, --terse', 'one line for each job, for scripts')
    .addHelpText('after', examples)
  withServerOptions(command).action(async (options: JobsOptions) => {
    await jobs(options, context)
    context.finish(exitCodes.done)
  })
}

async function jobs(options: JobsOptions, { config, output }: Context): Promise<void> {
  const client = createClientFor(options, config)
  const { status, kind, system, batch, limit } = options
  const filter = {
    status,
    kind: kind === undefined ? kind : kinds[kind as keyof typeof kinds],
    system,
    batch,
  }
  const { shown, isCut } = await readLimited(limit, (most) => client.jobs(filter, most))
  if (options.json) {
    output.json({ jobs: shown })
    return
  }
  if (shown.length === 0 && !options.terse) {
    output.note('There are no such jobs')
    return
  }
  const table = () => jobTable(shown, Date.now(), output.paint.result)
  for (const line of options.terse ? shown.map(terseJob) : table()) output.say(line)
  noteIfCut(isCut, limit, output)
}
