// What happens to a job and its system when a task begins, ends or fails. Pure; null means: nothing to write.
import type { Problem } from '../problem.ts'
import { type ChangeSet, mergeChanges } from '../system/change.ts'
import type { Endpoint } from '../system/endpoint.ts'
import type { Reason, Version } from '../system/readiness.ts'
import { type LastGood, type SystemRecord, toPhase } from '../system/system.ts'
import type { Work } from './accept.ts'
import { overdueError, withDeadlines } from './deadlines.ts'
import type { JobError, JobRecord, StageOutline, TaskRef } from './job.ts'
import { endMessage, isChange } from './kinds.ts'
import { finish, isDone, jobError, toStep, withTask } from './transitions.ts'
import { allAbsent, canceled, failedUndoing, rolledBack, undo, withoutObjects } from './undo.ts'

/**
 * A worker takes up a task. Null when the job has no such task any more: it was done, superseded or repeated. Where
 * the worker before it was asked to cancel and died, the job is canceled instead, and the task is not its own.
 */
export function begin(
  work: Work,
  task: Pick<TaskRef, 'verb' | 'round'>,
  attempt: number,
  now: number,
): Work | null {
  const { job } = work
  if (isDone(job) || job.task?.verb !== task.verb || job.task.round !== task.round) return null
  if (job.cancelAsked) return canceled(work, now)
  const moved = toStep(job, task.verb === 'compile' ? 'compiling' : 'applying', now)
  const isTimed = job.timeoutMs > 0 && job.ending?.by !== 'removal'
  const deadlineAt = job.deadlineAt ?? (isTimed ? now + job.timeoutMs : null)
  return {
    ...work,
    job: {
      ...moved,
      status: 'running',
      startedAt: job.startedAt ?? now,
      attempt,
      begins: job.begins + 1,
      task: { ...job.task, held: true },
      nextRetryAt: null,
      deadlineAt,
      message: job.task.heldUp ? job.message : beginMessage(work, task.verb),
    },
  }
}

function beginMessage({ job, system }: Work, verb: TaskRef['verb']): string {
  const isRollback = job.ending?.by === 'rollback'
  if (verb === 'compile') return isRollback ? 'rolling back: compiling' : 'compiling'
  if (verb === 'deploy') {
    const services = (job.stages[job.stage]?.services ?? []).join(', ')
    if (system.suspended && !isRollback) return `suspending ${services}`
    return isRollback ? `rolling back: applying ${services}` : `applying ${services}`
  }
  if (job.ending?.by === 'removal' && job.error) return `${job.error.message}; removing what was made`
  return job.cause === 'expiry' ? 'its time is over; removing' : 'removing'
}

/** What a spec was compiled to; `manifests`: under which key that is stored. */
export type CompileResult = { stages: StageOutline[]; manifests: string; problems: Problem[] }

/** The spec is compiled; the first stage can be applied. */
export function compiled(work: Work, result: CompileResult, now: number): Work {
  const job = toStep(work.job, 'applying', now)
  return { ...work, job: withTask({ ...job, ...toResult(result), message: 'compiled' }, 'deploy', now) }
}

/** The same before a worker takes the job up: it waits for one that applies the first stage. */
export function compiledAhead(work: Work, result: CompileResult, now: number): Work {
  return { ...work, job: withTask({ ...work.job, ...toResult(result) }, 'deploy', now) }
}

function toResult(result: CompileResult) {
  const names = result.stages.flatMap((stage) => stage.services)
  const services = Object.fromEntries(names.map((name) => [name, { readiness: 'absent' as const }]))
  return { ...result, services, stage: 0 }
}

/** A stage is applied; the observer waits for it. */
export function applied(
  work: Work,
  result: {
    changes: ChangeSet
    endpoints: Endpoint[]
    versions: Record<string, Version>
    awaitsHost?: string[]
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
      awaitsHost: [...new Set([...job.awaitsHost, ...(result.awaitsHost ?? [])])],
      memo: { ...job.memo, ...result.memo },
      task: null,
      waitingFor: 'ready',
      message: `waits for ${services.join(', ')}`,
    },
  }
}

/** The same record where it says so already, so that it is not written for nothing. */
function withApplied({ job: { manifests }, system }: Work): SystemRecord {
  if (manifests === null || system.applied?.manifests === manifests) return system
  return { ...system, applied: { spec: system.spec, manifests } }
}

/**
 * While a stage is applied: what its services wait for, such as their images. The deadline's clock stands for a pull as it
 * does while it is observed. Null: nothing new.
 */
export function told(work: Work, waits: Record<string, Reason>, now: number): Work | null {
  const { job } = work
  const pending = Object.entries(waits).map(
    ([name, reason]) => [name, { readiness: 'pending', reason }] as const,
  )
  const services = { ...job.services, ...Object.fromEntries(pending) }
  if (JSON.stringify(services) === JSON.stringify(job.services)) return null
  return { ...work, job: withDeadlines({ ...job, services }, now) }
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
  const services = allAbsent(job.services)
  if (!job.ending) {
    const message = job.cause === 'expiry' ? 'expired' : 'stopped'
    const done = { ...finish(job, 'succeeded', now), message, services }
    return { job: done, system: withoutObjects(system, 'stopped', now) }
  }
  const { status } = job.ending
  const ended = { ...finish(job, status, now), message: job.error?.message ?? status, services }
  return { job: ended, system: withoutObjects(system, status, now) }
}

/** What an update no longer wants is gone: the update is done. */
export function pruned(work: Work, changes: ChangeSet, objectNames: string[], now: number): Work {
  const job = { ...work.job, changes: mergeChanges(work.job.changes, changes) }
  return succeeded({ job, system: { ...work.system, objectNames } }, now)
}

/** Everything is ready. */
export function succeeded({ job, system }: Work, now: number): Work {
  const phase = reachedPhase(job, system)
  const live = toPhase(
    {
      ...system,
      hasRun: true,
      lastGood: toLastGood(system),
      endpoints: job.endpoints,
      stamp: null,
      differences: [],
    },
    phase,
    now,
  )
  if (job.ending) return { job: rolledBack(job, job.ending, now), system: live }
  const message = phase === 'completed' ? 'completed' : endMessage[job.kind]
  return { job: { ...finish(job, 'succeeded', now), message }, system: live }
}

function reachedPhase({ services }: JobRecord, { suspended }: SystemRecord) {
  if (suspended) return 'suspended'
  const states = Object.values(services)
  const isCompleted = states.length > 0 && states.every((state) => state.reason?.code === 'COMPLETED')
  return isCompleted ? 'completed' : 'running'
}

function toLastGood(system: SystemRecord): LastGood {
  const { spec, source, exposure, labels, lifetime, suspended, restartedAt } = system
  const dependsOn = Object.entries(system.services).map(
    ([name, service]) => [name, service.dependsOn] as const,
  )
  return {
    spec,
    source,
    exposure,
    labels,
    lifetime,
    suspended,
    restartedAt,
    dependsOn: Object.fromEntries(dependsOn),
  }
}

/**
 * The work failed for good. What a first start made is removed before the job ends, unless it was asked to be kept;
 * the update of a system that has run goes back to the last good spec if it was asked to, else it leaves what is
 * there, as a stop does, for a next request, and so does every other change. The update of one that never has is a first start too, only that others
 * may have made something before it.
 */
export function failed(work: Work, error: JobError, now: number): Work {
  const { job, system } = work
  if (job.ending) return failedUndoing(work, job.ending, error, now)
  const ended = { ...finish(job, 'failed', now), error, message: error.message }
  const hasBefore = isChange(job.kind) && system.hasRun
  if (hasBefore && !job.rollback) return { job: ended, system: toPhase(system, 'degraded', now) }
  const isKept = job.kind === 'system.stop' || (job.keepOnFailure && !hasBefore)
  if (isKept) return { job: ended, system: toPhase(system, 'failed', now) }
  return undo(work, 'failed', error, now)
}

/** A newer request takes the system over: this job ends at once, its objects are the newer job's. */
export function superseded(job: JobRecord, by: string, now: number): JobRecord {
  const error = jobError('SUPERSEDED', `Superseded by job ${by}`, { details: { by } })
  return { ...finish(job, 'canceled', now), error, message: error.message }
}

/** The worker lets go of its task, which is done again by whoever takes it up next. */
export function letGo(work: Work): Work | null {
  const { task } = work.job
  return task?.held ? { ...work, job: { ...work.job, task: { ...task, held: false } } } : null
}

/** The work can't go on for the moment; says why, and lets go. */
export function heldUp(work: Work, message: string): Work | null {
  if (isDone(work.job)) return null
  const free = letGo(work)
  if (work.job.message === message) return free
  const { job, system } = free ?? work
  return { system, job: { ...job, message, task: job.task && { ...job.task, heldUp: true } } }
}

/** A failed attempt that will be repeated at a time (milliseconds since the epoch). */
export function willRetry(work: Work, message: string, nextRetryAt: number): Work | null {
  const held = heldUp(work, `${message}; trying again`)
  return held && { ...held, job: { ...held.job, nextRetryAt } }
}

/** Its time is over: fails with what was being waited for. Null while there is time, and for what is canceled. */
export function expired(work: Work, now: number): Work | null {
  if (isDone(work.job) || work.job.cancelAsked || work.job.ending?.by === 'removal') return null
  const error = overdueError(work.job, now)
  return error && failed(work, error, now)
}
