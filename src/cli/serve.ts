// Runs a server from the command line until a signal ends it.
import { type ExitCode, exitCodes } from './exit-codes.ts'
import type { Output } from './output.ts'

/** SIGHUP too: it comes when the terminal is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Opens, waits for a signal, closes in order; a second signal ends the process at once. */
export async function serve(output: Output, open: () => Promise<AsyncDisposable>): Promise<ExitCode> {
  const asked = nextSignal()
  await using _running = await open()
  await asked
  output.note('Stopping; Ctrl-C again quits at once.')
  return exitCodes.done
}

function nextSignal(): Promise<void> {
  return new Promise((resolve) => {
    let count = 0
    for (const signal of signals) {
      process.on(signal, () => {
        count += 1
        if (count > 1) process.exit(exitCodes.interrupted)
        resolve()
      })
    }
  })
}
