#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50
// The API process.
import { createApp } from './api/app.ts'
import { type Config, readConfig } from './config.ts'
import { openDependencies } from './dependencies.ts'
import { createLog, type Log } from './log.ts'
import { runMain } from './run-main.ts'
import { openTelemetry, type Telemetry } from './telemetry/telemetry.ts'

export type RunningApi = AsyncDisposable & {
  /** Where it listens, as `http://127.0.0.1:5000`. */
  url: string
  telemetry: Telemetry
}

/** Opens what the API needs and listens; disposing ends its long polls and closes everything in reverse. */
export async function startApi(config: Config, log: Log): Promise<RunningApi> {
  await using opening = new AsyncDisposableStack()
  const telemetry = opening.use(await openTelemetry(config.telemetry, 'tycho-api'))
  const dependencies = await openDependencies(config, log, opening, { impatient: true, telemetry })
  const { store, tasks, orchestrator, guard, namespace, tenancy } = dependencies
  const app = await createApp({
    ...config,
    store,
    tasks,
    runsOn: orchestrator.kind,
    compile: orchestrator.compile,
    objectNames: orchestrator.objectNames,
    maskStages: orchestrator.maskStages,
    needs: orchestrator.needs,
    pullsOf: orchestrator.pullsOf,
    checkExtension: orchestrator.checkExtension,
    reading: orchestrator,
    guard,
    namespace,
    metrics: telemetry.metrics,
    tracing: telemetry.tracing,
    tenancy,
    log,
  })
  opening.defer(() => app.close())
  const url = await app.listen({ host: config.host, port: config.port })
  log.info({ url }, 'the API listens')
  const opened = opening.move()
  return { url, telemetry, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

if (import.meta.main) {
  const config = readConfig()
  const log = createLog({ name: 'api', level: config.logLevel, pretty: process.stdout.isTTY })
  await runMain(log, () => startApi(config, log))
}
