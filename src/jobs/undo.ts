// Undoing what a job did: what a first start made is removed, an update goes back to the last good spec. The job goes
// on until that is done, with `ending` set, and only then has its terminal status. Pure.
import { type LastGood, type SystemRecord, toPhase } from '../system/system.ts'
import type { Work } from './accept.ts'
import type { Ending, JobError, JobRecord } from './job.ts'
import { isChange } from './kinds.ts'
import { finish, jobError, toStep, withTask } from './transitions.ts'

/** The job will end as `status` says, with this error. One that has made nothing ends at once. */
export function undo(work: Work, status: Ending['status'], error: JobError, now: number): Work {
  const { job, system } = work
  if (isChange(job.kind) && system.hasRun) {
    return system.lastGood
      ? rollBack(job, system, system.lastGood, { status, error }, now)
      : leave(job, system, { status, error }, now)
  }
  if (!hasMadeNothing(job)) return retreat(work, { status, error }, now)
  const ended = { ...finish(job, status, now), error, message: error.message }
  return { job: ended, system: withoutObjects(system, status, now) }
}

/** An update of a system that never ran comes after a start, which may have made something. */
function hasMadeNothing(job: JobRecord): boolean {
  return job.kind === 'system.start' && (job.step === 'queued' || job.step === 'compiling')
}

type Cause = { status: Ending['status']; error: JobError }

function retreat({ job, system }: Work, { status, error }: Cause, now: number): Work {
  const back = toStep(job, 'applying', now)
  const message = `${error.message}; removing what was made`
  const ending = { status, by: 'removal' as const }
  const next = { ...back, ending, error, cancelAsked: false, deadlineAt: null, message }
  return { system, job: withTask(next, 'remove', now) }
}

/** The job begins anew with the last good spec, and with its whole time. */
function rollBack(
  job: JobRecord,
  system: SystemRecord,
  good: LastGood,
  { status, error }: Cause,
  now: number,
): Work {
  const back: JobRecord = {
    ...toStep(job, 'compiling', now),
    ending: { status, by: 'rollback' },
    error,
    cancelAsked: false,
    deadlineAt: null,
    standsSince: null,
    waits: {},
    givesUp: null,
    message: `${error.message}; rolling back`,
    manifests: null,
    stages: [],
    stage: 0,
    versions: {},
    memo: {},
    endpoints: [],
    services: {},
  }
  const phase = good.suspended ? 'suspending' : 'updating'
  return {
    job: withTask(back, 'compile', now),
    system: toPhase({ ...system, ...restored(good) }, phase, now),
  }
}

/** What ran before is not known any more, as after a loss of the store. */
function leave(job: JobRecord, system: SystemRecord, { status, error }: Cause, now: number): Work {
  const message = `${error.message}; the spec that ran before is not known any more, so the system is left as it is`
  const ended = { ...finish(job, status, now), error: { ...error, message }, message }
  return { job: ended, system: toPhase(system, 'degraded', now) }
}

function restored({ dependsOn, ...good }: LastGood): Partial<SystemRecord> {
  const services = Object.entries(dependsOn).map(
    ([name, needs]): [string, SystemRecord['services'][string]] => [
      name,
      { readiness: 'absent', dependsOn: needs },
    ],
  )
  return { ...good, services: Object.fromEntries(services) }
}

/** Everything is as it was before the change: the job ends as it must, and the system is what it was. */
export function rolledBack(job: JobRecord, ending: Ending, now: number): JobRecord {
  const first = job.error ?? jobError('CANCELED', 'Canceled')
  const message = `${first.message}; the system is back at its last good state`
  const error = { ...first, message, details: { ...first.details, rolledBack: true } }
  return { ...finish(job, ending.status, now), error, message }
}

/** Nothing of the system is left. */
export function withoutObjects(
  system: SystemRecord,
  status: Ending['status'] | 'stopped',
  now: number,
): SystemRecord {
  const bare = { ...system, objectNames: [], endpoints: [], services: allAbsent(system.services) }
  return toPhase(bare, status === 'failed' ? 'failed' : 'stopped', now)
}

export function allAbsent<T extends { readiness: string; reason?: unknown }>(
  services: Record<string, T>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(services).map(([name, { reason: _gone, ...rest }]) => [
      name,
      { ...rest, readiness: 'absent' } as T,
    ]),
  )
}

/**
 * The undoing itself fails for good: the job ends with its first error, and says what stands in the way. Whoever
 * canceled a first start was promised that nothing remains, so that job has failed.
 */
export function failedUndoing({ job, system }: Work, ending: Ending, error: JobError, now: number): Work {
  const first = job.error ?? error
  const cause = { code: error.code, message: error.message }
  if (ending.by === 'rollback') {
    const message = `${first.message}; the rollback failed too: ${error.message}`
    const both = { ...first, message, details: { ...first.details, rollback: cause } }
    const ended = { ...finish(job, ending.status, now), error: both, message }
    return { job: ended, system: toPhase(system, 'degraded', now) }
  }
  const message = `${first.message}; what was made could not be removed: ${error.message}`
  const both = { ...first, message, details: { ...first.details, removal: cause } }
  const told = ending.status === 'canceled' ? { ...both, code: error.code, retryable: error.retryable } : both
  return {
    job: { ...finish(job, 'failed', now), error: told, message },
    system: toPhase(system, 'failed', now),
  }
}

/** What a cancel comes to once no worker writes for the job any more. */
export function canceled(work: Work, now: number): Work {
  return undo(work, 'canceled', jobError('CANCELED', 'Canceled'), now)
}
