// The commands of `tycho`.
import { Command } from 'commander'
import { addApi } from './commands/api.ts'
import { addBatch } from './commands/batch/batch.ts'
import { addCancel } from './commands/cancel.ts'
import { addCompile } from './commands/compile.ts'
import { addCompletion } from './commands/completion.ts'
import { addConfig } from './commands/config.ts'
import { addDev } from './commands/dev.ts'
import { addDoctor } from './commands/doctor.ts'
import { addDown } from './commands/down.ts'
import { addJobs } from './commands/jobs.ts'
import { addLogs } from './commands/logs.ts'
import { addStatus } from './commands/status.ts'
import { addTokens } from './commands/tokens.ts'
import { addUp } from './commands/up.ts'
import { addVersion } from './commands/version.ts'
import { addWait } from './commands/wait.ts'
import { addWebhooks } from './commands/webhooks/webhooks.ts'
import { addWorker } from './commands/worker.ts'
import type { Context } from './context.ts'

const endings = `
Exit codes:
  0 done           1 the system failed   2 bad usage or input   3 server not reachable   4 timeout
  5 not allowed    6 not found           7 conflict             8 canceled             130 interrupted

Settings are environment variables; README.md lists them.`

/** `quiet`: usage errors are thrown without a word. */
export function createProgram(context: Context, options: { quiet: boolean }): Command {
  const program = new Command('tycho')
    .description('Runs systems of containers from Compose files.')
    .helpCommand(false)
    .showHelpAfterError('Try it with --help.')
    .addHelpText('after', endings)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.output.say(text.trimEnd()),
      writeErr: (text) => options.quiet || context.output.note(text.trimEnd()),
    })
  // Commands copy these settings from the program when they are made, so they come after.
  for (const add of [
    addUp,
    addDown,
    addStatus,
    addLogs,
    addJobs,
    addWait,
    addCancel,
    addBatch,
    addCompile,
    addConfig,
    addDev,
    addApi,
    addWorker,
    addDoctor,
    addTokens,
    addWebhooks,
    addCompletion,
    addVersion,
  ])
    add(program, context)
  return program
}
