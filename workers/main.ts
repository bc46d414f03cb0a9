#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50
// The worker process.
import { type Config, readConfig } from '../src/config.ts'
import { openDependencies } from '../src/dependencies.ts'
import { createLog, type Log } from '../src/log.ts'
import { runMain } from '../src/run-main.ts'
import { openTelemetry, type Telemetry } from '../src/telemetry/telemetry.ts'
import { readVersion } from '../src/version.ts'
import { createSender } from '../src/webhooks/send.ts'
import { openOperations } from './operations.ts'
import { createWorker, STARTING, type Worker } from './worker.ts'

/**
 * Opens what a worker needs and starts it; disposing closes everything in reverse. `shared`: of the process that it is a
 * part of, whose owner closes it.
 */
export async function startWorker(config: Config, log: Log, shared?: Telemetry): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack()
  const telemetry = shared ?? opening.use(await openTelemetry(config.telemetry, 'tycho-worker'))
  const { metrics, tracing } = telemetry
  const dependencies = await openDependencies(config, log, opening, { impatient: false, telemetry })
  const { queue, guard } = dependencies
  const { send } = opening.use(createSender({ guard, version: await readVersion() }))
  let worker: Worker | null = null
  // Opened first and closed last: while its tasks end, a worker says that it is not ready.
  if (config.workerPort !== null) {
    const readiness = () => worker?.readiness() ?? STARTING
    opening.use(await openOperations({ host: config.host, port: config.workerPort, metrics, readiness, log }))
  }
  worker = opening.use(
    createWorker(
      { ...dependencies, metrics, tracing, log, maxAttempts: config.maxAttempts },
      { ...config, redis: queue, webhooks: { ...config.webhooks, send } },
    ),
  )
  return opening.move()
}

if (import.meta.main) {
  const config = readConfig()
  const log = createLog({ name: 'worker', level: config.logLevel, pretty: process.stdout.isTTY })
  await runMain(log, () => startWorker(config, log))
}
