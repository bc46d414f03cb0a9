// What keeps the engine from being observed, logged once when it begins and once when all is well again.
import { TychoError } from '../../../problem.ts'
import type { Logger } from '../../shared/logger.ts'

/** Undefined: all is well. */
export function createTroubles(log: Logger): (error: unknown) => void {
  let before: string | null = null
  return (error) => {
    if (error === undefined) {
      if (before !== null) log.info({}, 'the Docker engine is observed again')
      before = null
      return
    }
    const code = error instanceof TychoError ? error.code : 'UNEXPECTED'
    const message = error instanceof Error ? error.message : String(error)
    if (code !== before) log.warn({ code }, `the Docker engine can't be observed: ${message}`)
    else log.debug({ code }, message)
    before = code
  }
}
