// `tycho worker`: a worker process alone.
import type { Command } from 'commander'
import type { Context } from '../context.ts'
import { serve } from '../serve.ts'

const examples = `
Examples:
  $ TYCHO_REDIS_URL=redis://127.0.0.1:6379 tycho worker
  $ TYCHO_REDIS_URL=redis://127.0.0.1:6379 KUBECONFIG=~/.kube/class TYCHO_NAMESPACE=class tycho worker`

export function addWorker(program: Command, context: Context): void {
  program
    .command('worker')
    .description('run a worker (needs TYCHO_REDIS_URL, and a cluster); run as many as you like')
    .addHelpText('after', examples)
    .action(async () => context.finish(await serve(context.output, () => openWorker(context))))
}

async function openWorker(context: Context): Promise<AsyncDisposable> {
  const { startWorker } = await import('../../../workers/main.ts')
  return startWorker(context.config, context.createLog('worker'))
}
