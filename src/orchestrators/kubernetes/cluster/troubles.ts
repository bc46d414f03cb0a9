// What keeps an observation from working, logged once when it begins and once when all is well again.
import { TychoError } from '../../../problem.ts'
import type { Logger } from '../../shared/logger.ts'

export type Troubles = { of: (watch: string) => (error: unknown) => void }

/** Several watches that fail for one reason are one trouble. */
export function createTroubles(log: Logger): Troubles {
  const failing = new Map<string, string>()
  const isFailing = (code: string) => [...failing.values()].includes(code)
  return {
    of: (watch) => (error) => {
      const before = failing.get(watch)
      if (error === undefined) {
        failing.delete(watch)
        if (before !== undefined && failing.size === 0) log.info({}, 'the cluster is observed again')
        return
      }
      const code = error instanceof TychoError ? error.code : 'UNEXPECTED'
      const isNew = !isFailing(code)
      failing.set(watch, code)
      const message = error instanceof Error ? error.message : String(error)
      if (isNew) log.warn({ code, watch }, `the cluster can't be observed: ${message}`)
      else log.debug({ code, watch }, message)
    },
  }
}
