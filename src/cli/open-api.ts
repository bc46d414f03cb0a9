// Starts the API in this process.
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import { TychoError } from '../problem.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import { StartError } from './exit-codes.ts'

/** Loaded here and not before, so that commands which only talk to a server start fast. */
export async function openApi(
  config: Config,
  log: Log,
): Promise<{ url: string; telemetry: Telemetry } & AsyncDisposable> {
  const { startApi } = await import('../main.ts')
  try {
    return await startApi(config, log)
  } catch (error) {
    if (error instanceof TychoError && error.code === 'OPEN_TO_ALL') throw new StartError(error.message)
    if (!isPortTaken(error)) throw error
    const place = `${config.host}:${config.port}`
    throw new StartError(`Something else listens on ${place}: stop it, or set TYCHO_PORT to another port`)
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
