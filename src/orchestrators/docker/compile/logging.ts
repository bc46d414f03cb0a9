// `logging`: where the engine keeps what a container prints.
import type { Logging } from '../../../system/process.ts'
import { recordOrNothing } from './resources.ts'

/** Kept on the machine, so that they can be read back; the others send lines to where the file says. */
const KEPT_DRIVERS = ['json-file', 'local', 'journald', 'none']

export function isKept({ driver }: Logging): boolean {
  return driver === null || KEPT_DRIVERS.includes(driver)
}

/** Undefined: as the engine is set up. */
export function toLogging(logging: Logging | null) {
  if (!logging || !isKept(logging)) return undefined
  return { Type: logging.driver ?? 'json-file', Config: recordOrNothing(logging.options) ?? {} }
}
