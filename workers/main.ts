// The worker process: does tasks, and takes part in the loops.
import { randomUUID } from 'node:crypto'
import { type Config, readConfig } from '../src/config.ts'
import { openDependencies } from '../src/dependencies.ts'
import { createLog, type Log } from '../src/log.ts'
import { runMain } from '../src/run-main.ts'
import { consumeTasks } from '../src/tasks/consume.ts'
import type { WorkerContext } from './context.ts'
import { runElected } from './loops/elected.ts'
import { beat } from './loops/heartbeat.ts'
import { observe } from './loops/observer.ts'
import { sweep } from './loops/sweeper.ts'
import { createHandler } from './run-task.ts'
import { compileSystem } from './system-compile.ts'
import { deploySystem } from './system-deploy.ts'
import { removeSystem } from './system-remove.ts'

/** Starts a worker. Disposing it lets running tasks end and hands its loops to the other workers. */
export async function startWorker(config: Config, log: Log): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const dependencies = await openDependencies(config, log, opening, { impatient: false })
  const context: WorkerContext = { ...dependencies, log }
  startLoops(context, opening)
  const consumer = consumeTasks(
    dependencies.redis,
    {
      'system.compile': createHandler(context, 'compile', compileSystem),
      'system.deploy': createHandler(context, 'deploy', deploySystem),
      'system.remove': createHandler(context, 'remove', removeSystem),
    },
    { prefix: config.prefix, concurrency: config.concurrency, onError: () => {} },
  )
  opening.use(consumer)
  return opening.move()
}

function startLoops(context: WorkerContext, stack: AsyncDisposableStack): void {
  const worker = `worker-${randomUUID()}`
  const stop = new AbortController()
  const { signal } = stop
  const loops = Promise.all([
    beat(context, worker, signal),
    runElected(context, { name: 'observer', holder: worker, signal, run: (term) => observe(context, term) }),
    runElected(context, { name: 'sweeper', holder: worker, signal, run: (term) => sweep(context, term) }),
  ])
  stack.defer(async () => {
    stop.abort()
    await loops
  })
}

if (import.meta.main) {
  const config = readConfig()
  const log = createLog({ name: 'worker', level: config.logLevel, pretty: process.stdout.isTTY })
  await runMain(log, () => startWorker(config, log))
}
