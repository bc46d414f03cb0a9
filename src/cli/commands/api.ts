// `tycho api`: the API process alone.
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { openApi } from '../open-api.ts'
import { serve } from '../serve.ts'

const examples = `
Examples:
  $ TYCHO_REDIS_URL=redis://127.0.0.1:6379 tycho api
  $ TYCHO_REDIS_URL=redis://127.0.0.1:6379 TYCHO_HOST=0.0.0.0 TYCHO_PORT=8080 tycho api`

export function addApi(program: Command, context: Context): void {
  program
    .command('api')
    .description('run the API (needs TYCHO_REDIS_URL, and workers beside it)')
    .addHelpText('after', examples)
    .action(async () =>
      context.finish(await serve(context.output, () => openApi(context.config, context.createLog('api')))),
    )
}
