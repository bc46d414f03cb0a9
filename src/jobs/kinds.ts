// What each kind of job does to its system, and what is said when that is done. Pure.
import type { JobKind } from './job.ts'

/** `change`: there is something already, to which a failed or canceled job can go back. */
const effects = {
  'system.start': 'make',
  'system.stop': 'remove',
  'system.update': 'change',
  'system.restart': 'change',
  'system.suspend': 'change',
  'system.resume': 'change',
} as const satisfies Record<JobKind, 'make' | 'change' | 'remove'>

/** Of a job that succeeded. */
export const endMessage = {
  'system.start': 'started',
  'system.stop': 'stopped',
  'system.update': 'updated',
  'system.restart': 'restarted',
  'system.suspend': 'suspended',
  'system.resume': 'resumed',
} as const satisfies Record<JobKind, string>

/** Whether it brings what exists to something else, so that what is no longer wanted has to go at its end. */
export function isChange(kind: JobKind): boolean {
  return effects[kind] === 'change'
}
