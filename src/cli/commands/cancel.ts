// `tycho cancel`: ends a job and undoes what it did.
import type { Command } from 'commander'
import type { Job } from '../../client/shapes.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exitCodeOfJob, exitCodes } from '../exit-codes.ts'
import { watchJob } from '../follow.ts'
import { createClientFor, parseSeconds, type ServerOptions, withServerOptions } from '../options.ts'
import { printOutcome } from '../result.ts'

type CancelOptions = ServerOptions & { wait: boolean; timeout?: number }

const examples = `
Examples:
  $ tycho cancel 01m1x6wz4z8xk5vq6n3d8e2r7c
  $ tycho cancel 01m1x6wz4z8xk5vq6n3d8e2r7c --no-wait

What a first start has made is removed; an update goes back to what ran before. "tycho up --no-wait" prints the id of
its job. The exit code is 0 once the job is canceled, and that of the job where it ended otherwise.`

export function addCancel(program: Command, context: Context): void {
  const command = program
    .command('cancel')
    .description('cancel a job and undo what it did')
    .argument('<job>', 'id of the job')
    .option('--no-wait', "return when the server has accepted it, don't wait until all is undone")
    .option('--wait', 'wait until all is undone', true)
    .option('--timeout <seconds>', 'longest time to wait', parseSeconds)
    .addHelpText('after', examples)
  withServerOptions(command).action(async (job: string, options: CancelOptions) =>
    context.finish(await cancel(job, options, context)),
  )
}

async function cancel(id: string, options: CancelOptions, { config, output }: Context): Promise<ExitCode> {
  const client = createClientFor(options, config)
  const asked = await client.cancelJob(id)
  const limitMs = options.timeout === undefined ? null : options.timeout * 1000
  const job = options.wait
    ? await watchJob(client, asked, { json: options.json, limitMs }, output)
    : asked.job
  if (options.json) output.json(job)
  else if (job.status === 'canceled') output.say(`${job.system.name}: job ${job.id} is canceled`)
  else if (job.done) printOutcome(job, null, output)
  else output.say(`${job.system.name}: job ${job.id} is being canceled`)
  return codeOf(job)
}

/** What was asked for has happened, or is on its way. */
function codeOf(job: Job): ExitCode {
  return job.status === 'canceled' ? exitCodes.done : exitCodeOfJob(job)
}
