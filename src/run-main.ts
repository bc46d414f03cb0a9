// Runs a process until it is asked to end: the first signal closes it in order, a second one ends it at once.
import type { Log } from './log.ts'
import { onSignal } from './signals.ts'

/** Within the 30 s that Kubernetes leaves by default; connections to a server that is away may keep a process alive. */
const closingMs = 20_000

/** Starts what `start` starts and closes it at a signal; the exit code is 1 when the start failed. */
export async function runMain(log: Log, start: () => Promise<AsyncDisposable>): Promise<void> {
  const asked = Promise.withResolvers<void>()
  using _listening = onSignal(asked.resolve)
  try {
    await using _running = await start()
    await asked.promise
    log.info('closing')
    setTimeout(() => endNow(log), closingMs).unref()
  } catch (error) {
    log.fatal({ err: error }, 'could not start')
    process.exitCode = 1
  }
}

function endNow(log: Log): void {
  log.warn('ending with open connections')
  process.exit()
}
