// `tycho dev`: everything on this machine in one process, and a Redis beside it. `npm start` runs it.
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import type { DevOptions } from '../dev/start-dev.ts'
import { serve } from '../serve.ts'

const examples = `
Examples:
  $ npm start
  $ npm start -- --no-demo
  $ TYCHO_PORT=5001 TYCHO_DATA_DIR=.tycho/second npm start
  $ TYCHO_REDIS_URL=redis://127.0.0.1:6379 tycho dev

Without TYCHO_REDIS_URL it runs a Redis server of its own, with its data in TYCHO_DATA_DIR (.tycho). Where no cluster and no
Docker engine answers, and it runs as root on Linux with Docker installed, it runs that too. On Docker it starts the hello
sample. All of it ends with Ctrl-C; a Docker that ran before goes on.`

export function addDev(program: Command, context: Context): void {
  program
    .command('dev')
    .description('run the API, a worker and a Redis on this machine')
    .option('--no-demo', 'start no first system')
    .addHelpText('after', examples)
    .action(async (options: DevOptions) => {
      const { startDev } = await import('../dev/start-dev.ts')
      context.finish(await serve(context.output, () => startDev(context, options)))
    })
}
