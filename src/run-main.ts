// Runs a process until it is asked to end: the first signal closes it in order, a second one ends it at once.
import type { Log } from './log.ts'

/** Within the 30 s that Kubernetes leaves by default; connections to a server that is away may keep a process alive. */
const closingMs = 20_000

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
