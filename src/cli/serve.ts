// Runs a server from the command line until a signal ends it.

import { onSignal } from '../signals.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import type { Output } from './output.ts'

/** Opens, waits for a signal, closes in order; a second signal ends the process at once. */
export async function serve(output: Output, open: () => Promise<AsyncDisposable>): Promise<ExitCode> {
  const asked = Promise.withResolvers<void>()
  using _listening = onSignal(asked.resolve)
  await using _running = await open()
  await asked.promise
  output.note('Stopping; Ctrl-C again quits at once.')
  return exitCodes.done
}
