// Runs a process until it is asked to end: the first signal closes it in order, a second one ends it at once.
import type { Log } from './log.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/** Starts what `start` starts and closes it at SIGINT or SIGTERM; the exit code is 1 when the start failed. */
export async function runMain(log: Log, start: () => Promise<AsyncDisposable>): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve())
  })
  try {
    await using _running = await start()
    await asked
    for (const signal of signals) process.once(signal, () => process.exit(130))
    log.info('closing')
  } catch (error) {
    log.fatal({ err: error }, 'could not start')
    process.exitCode = 1
  }
}
