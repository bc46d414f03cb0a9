// The worker process.
import { type Config, readConfig } from '../src/config.ts'
import { openDependencies } from '../src/dependencies.ts'
import { createLog, type Log } from '../src/log.ts'
import { runMain } from '../src/run-main.ts'
import { createWorker } from './worker.ts'

/** Opens what a worker needs and starts it; disposing closes everything in reverse. */
export async function startWorker(config: Config, log: Log): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const dependencies = await openDependencies(config, log, opening, { impatient: false })
  opening.use(
    createWorker(
      { ...dependencies, log, maxAttempts: config.maxAttempts },
      { ...config, redis: dependencies.redis },
    ),
  )
  return opening.move()
}

if (import.meta.main) {
  const config = readConfig()
  const log = createLog({ name: 'worker', level: config.logLevel, pretty: process.stdout.isTTY })
  await runMain(log, () => startWorker(config, log))
}
