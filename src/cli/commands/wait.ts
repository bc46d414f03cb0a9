// `tycho wait`: waits for a job that was begun before.
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { followJob } from '../follow.ts'
import { createClientFor, parseSeconds, type ServerOptions, withServerOptions } from '../options.ts'

type WaitOptions = ServerOptions & { timeout?: number }

const examples = `
Examples:
  $ tycho wait 01m1x6wz4z8xk5vq6n3d8e2r7c
  $ tycho wait 01m1x6wz4z8xk5vq6n3d8e2r7c --timeout 60 && curl http://…

"tycho up --no-wait" prints the id of its job, "tycho jobs" lists them. Shows what "tycho up" would show, and ends as it
does: with 0 when the job is done, 1 when it failed, 4 when a time is over, 8 when it was canceled.`

export function addWait(program: Command, context: Context): void {
  const command = program
    .command('wait')
    .description('wait until a job is done')
    .argument('<job>', 'id of the job')
    .option('--timeout <seconds>', 'longest time to wait', parseSeconds)
    .addHelpText('after', examples)
  withServerOptions(command).action(async (id: string, options: WaitOptions) =>
    context.finish(await wait(id, options, context)),
  )
}

async function wait(
  id: string,
  { json, timeout, ...options }: WaitOptions,
  context: Context,
): Promise<ExitCode> {
  const client = createClientFor(options, context.config)
  const limitMs = timeout === undefined ? null : timeout * 1000
  return followJob(client, await client.job(id), { json, source: null, limitMs }, context.output)
}
