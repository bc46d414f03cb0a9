// What happens to a job and its system when a task begins, ends or fails. Pure; null means: nothing to write.
import type { Problem } from '../problem.ts'
import { type ChangeSet, mergeChanges } from '../system/change.ts'
import type { Endpoint } from '../system/endpoint.ts'
import type { Version } from '../system/readiness.ts'
import { type SystemRecord, toPhase } from '../system/system.ts'
import type { Work } from './accept.ts'
import { overdueError } from './deadlines.ts'
import type { JobError, JobRecord, StageOutline, TaskRef } from './job.ts'
import { finish, isDone, jobError, toStep, withTask } from './transitions.ts'

/** A worker takes up a task. Null when the job has no such task any more: it was done, superseded or repeated. */
export function begin(
  work: Work,
  task: Pick<TaskRef, 'verb' | 'round'>,
  attempt: number,
  now: number,
): Work | null {
  const { job } = work
  if (isDone(job) || job.task?.verb !== task.verb || job.task.round !== task.round) return null
  const moved = toStep(job, task.verb === 'compile' ? 'compiling' : 'applying', now)
  const deadlineAt = job.deadlineAt ?? (job.timeoutMs > 0 && !job.ending ? now + job.timeoutMs : null)
  return {
    ...work,
    job: {
      ...moved,
      status: 'running',
      startedAt: job.startedAt ?? now,
      attempt,
      begins: job.begins + 1,
      deadlineAt,
      message: beginMessage(work, task.verb),
    },
  }
}

function beginMessage({ job }: Work, verb: TaskRef['verb']): string {
  if (verb === 'compile') return 'compiling'
  if (verb === 'deploy') return `applying ${(job.stages[job.stage]?.services ?? []).join(', ')}`
  if (job.ending && job.error) return `${job.error.message}; removing what was made`
  return job.cause === 'expiry' ? 'its time is over; removing' : 'removing'
}

/** The spec is compiled; the first stage can be applied. */
export function compiled(
  work: Work,
  result: { stages: StageOutline[]; manifests: string; problems: Problem[] },
  now: number,
): Work {
  const job = toStep(work.job, 'applying', now)
  const services = Object.fromEntries(
    result.stages.flatMap((stage) => stage.services).map((name) => [name, { readiness: 'absent' as const }]),
  )
  const next = { ...job, ...result, services, stage: 0, message: 'compiled' }
  return { ...work, job: withTask(next, 'deploy', now) }
}

/** A stage is applied; the observer waits for it. */
export function applied(
  work: Work,
  result: {
    changes: ChangeSet
    endpoints: Endpoint[]
    versions: Record<string, Version>
    memo: Record<string, unknown>
  },
  now: number,
): Work {
  const job = toStep(work.job, 'waiting', now)
  const services = job.stages[job.stage]?.services ?? []
  const renewed = new Set(result.endpoints.map((endpoint) => endpoint.service))
  const endpoints = [...job.endpoints.filter(({ service }) => !renewed.has(service)), ...result.endpoints]
  return {
    system: withApplied(work),
    job: {
      ...job,
      endpoints,
      changes: mergeChanges(job.changes, result.changes),
      versions: { ...job.versions, ...result.versions },
      memo: { ...job.memo, ...result.memo },
      task: null,
      waitingFor: 'ready',
      message: `waits for ${services.join(', ')}`,
    },
  }
}

/** The same record where it says so already, so that it is not written for nothing. */
function withApplied({ job: { spec, manifests }, system }: Work): SystemRecord {
  if (manifests === null || system.applied?.manifests === manifests) return system
  return { ...system, applied: { spec, manifests } }
}

/** A removal was done or verified: what still exists is waited for; nothing left ends the job. */
export function removed(work: Work, result: { changes: ChangeSet; remaining: string[] }, now: number): Work {
  const changes = mergeChanges(work.job.changes, result.changes)
  const job = { ...work.job, changes }
  if (result.remaining.length === 0) return removalDone({ ...work, job }, now)
  const waiting = toStep(job, 'waiting', now)
  const message = `${beginMessage(work, 'remove')}: ${result.remaining.length} to go`
  return { ...work, job: { ...waiting, task: null, waitingFor: 'gone', message } }
}

function removalDone({ job, system }: Work, now: number): Work {
  const bare = { ...system, objectNames: [], endpoints: [], services: allAbsent(system.services) }
  if (job.ending) return { job: finish(job, job.ending, now), system: toPhase(bare, 'failed', now) }
  const message = job.cause === 'expiry' ? 'expired' : 'stopped'
  const done = { ...finish(job, 'succeeded', now), message, services: allAbsent(job.services) }
  return { job: done, system: toPhase(bare, 'stopped', now) }
}

function allAbsent<T extends { readiness: string; reason?: unknown }>(
  services: Record<string, T>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(services).map(([name, { reason: _gone, ...rest }]) => [
      name,
      { ...rest, readiness: 'absent' } as T,
    ]),
  )
}

/** What an update no longer wants is gone: the update is done. */
export function pruned(work: Work, changes: ChangeSet, objectNames: string[], now: number): Work {
  const job = { ...work.job, changes: mergeChanges(work.job.changes, changes) }
  return succeeded({ job, system: { ...work.system, objectNames } }, now)
}

/** Everything is ready. */
export function succeeded({ job, system }: Work, now: number): Work {
  const states = Object.values(job.services)
  const completed = states.length > 0 && states.every((state) => state.reason?.code === 'COMPLETED')
  const live = { ...system, hasRun: true, endpoints: job.endpoints }
  const message = completed ? 'completed' : job.kind === 'system.update' ? 'updated' : 'started'
  return {
    job: { ...finish(job, 'succeeded', now), message },
    system: toPhase(live, completed ? 'completed' : 'running', now),
  }
}

/**
 * The work failed for good. What a first start made is removed before the job ends, unless it was asked to be kept;
 * the update of a system that has run, or a stop, leaves what is there, for a next request. The update of one that
 * never has is a first start too, only that others may have made something before it.
 */
export function failed(work: Work, error: JobError, now: number): Work {
  const { job, system } = work
  if (job.ending) return failedRemoval(work, error, now)
  const ended = { ...finish(job, 'failed', now), error, message: error.message }
  if (job.kind === 'system.update' && system.hasRun) {
    return { job: ended, system: toPhase(system, 'degraded', now) }
  }
  if (job.kind === 'system.stop' || job.keepOnFailure) {
    return { job: ended, system: toPhase(system, 'failed', now) }
  }
  if (job.kind === 'system.start' && (job.step === 'queued' || job.step === 'compiling')) {
    return { job: ended, system: toPhase({ ...system, objectNames: [] }, 'failed', now) }
  }
  return retreat(work, 'failed', error, now)
}

/** Removes what was made; then the job ends as `ending` says. */
function retreat({ job, system }: Work, ending: 'failed' | 'canceled', error: JobError, now: number): Work {
  const back = toStep(job, 'applying', now)
  const message = `${error.message}; removing what was made`
  return { system, job: withTask({ ...back, ending, error, deadlineAt: null, message }, 'remove', now) }
}

/** The removal itself is refused: the job ends with its first error, and says what stands in the way. */
function failedRemoval({ job, system }: Work, error: JobError, now: number): Work {
  const first = job.error ?? error
  const details = { ...first.details, removal: { code: error.code, message: error.message } }
  return {
    job: { ...finish(job, job.ending ?? 'failed', now), error: { ...first, details } },
    system: toPhase(system, 'failed', now),
  }
}

/** A newer request takes the system over: this job ends at once, its objects are the newer job's. */
export function superseded(job: JobRecord, by: string, now: number): JobRecord {
  const error = jobError('SUPERSEDED', `Superseded by job ${by}`, { details: { by } })
  return { ...finish(job, 'canceled', now), error, message: error.message }
}

/** The work can't go on for the moment; says why. */
export function heldUp(work: Work, message: string): Work | null {
  if (isDone(work.job) || work.job.message === message) return null
  return { ...work, job: { ...work.job, message } }
}

/** A failed attempt that will be repeated. */
export function willRetry(work: Work, message: string): Work | null {
  return heldUp(work, `${message}; trying again`)
}

/** Its time is over: fails with what was being waited for. Null while there is time. */
export function expired(work: Work, now: number): Work | null {
  if (isDone(work.job) || work.job.ending) return null
  const error = overdueError(work.job, now)
  return error && failed(work, error, now)
}
