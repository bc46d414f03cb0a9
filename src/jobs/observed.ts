// What an observation means for a waiting job and for a live system. Pure; null means: nothing to write.
import type { Difference } from '../system/difference.ts'
import { isCurrent, isMet, type Reason, type ServiceState } from '../system/readiness.ts'
import { type SystemRecord, type SystemService, toPhase } from '../system/system.ts'
import type { Work } from './accept.ts'
import { removeAgainAt, withDeadlines } from './deadlines.ts'
import { untilHost, withHosts } from './hosts.ts'
import type { JobRecord, ServiceProgress } from './job.ts'
import { isChange } from './kinds.ts'
import { jobError, toStep, withTask } from './transitions.ts'
import { failed, succeeded } from './work.ts'

/** `stamp` differs from an earlier one as soon as something else is asked of an object. */
export type Seen = { services: Record<string, ServiceState>; remaining: string[]; stamp: string }

/** Failures that may be gone when the same is asked for again. */
const passingCodes: ReadonlySet<string> = new Set(['REGISTRY_UNAVAILABLE'])

/** The next state of a waiting job. */
export function observed(work: Work, seen: Seen, now: number): Work | null {
  if (work.job.step !== 'waiting') return null
  if (work.job.waitingFor === 'gone') return seen.remaining.length === 0 ? verifyRemoval(work, now) : null
  const next = observedStart(work, currentStates(work.job, seen.services), now)
  // Nothing but the start itself has touched what is seen of it.
  return next?.job.status === 'succeeded' ? { ...next, system: { ...next.system, stamp: seen.stamp } } : next
}

/** The observer may still hold what it saw before the job's own apply: that is neither its success nor its failure. */
function currentStates(job: JobRecord, states: Record<string, ServiceState>): Record<string, ServiceState> {
  return Object.fromEntries(
    Object.entries(states).filter(([name, state]) => isCurrent(state, job.versions[name])),
  )
}

/**
 * A removal that waits for what never goes: an object that came into being after the deletes, by a worker that had
 * lost its task in the middle of a write. Null while there is time.
 */
export function removedAgain(work: Work, now: number): Work | null {
  const at = removeAgainAt(work.job)
  return at !== null && now >= at ? verifyRemoval(work, now) : null
}

/** The watch saw the last object go: a last removal asks the orchestrator itself, which also finds late ones. */
function verifyRemoval(work: Work, now: number): Work {
  return { ...work, job: withTask(toStep(work.job, 'applying', now), 'remove', now) }
}

function observedStart(work: Work, states: Record<string, ServiceState>, now: number): Work | null {
  if (work.system.suspended) return observedRest(work, states, now)
  const endpoints = withHosts(work.job.endpoints, states)
  const job = withDeadlines(withProgress({ ...work.job, endpoints }, states), now)
  const next = { job, system: withServices(work.system, job.services) }
  const broken = failedService(job)
  if (broken) {
    const [service, reason] = broken
    const { exitCode } = reason
    const details = { service, ...(exitCode !== undefined && { exitCode }) }
    const retryable = passingCodes.has(reason.code)
    const error = jobError(reason.code, `${service}: ${reason.message}`, { retryable, details })
    return failed(next, error, now)
  }
  const stage = job.stages[job.stage + 1]
  if (stage)
    return stage.requires.every((one) => isMet(one, states[one.service]))
      ? nextStage(next, now)
      : changed(work, next)
  if (Object.values(job.services).every((service) => service.readiness === 'ready'))
    return allReady(next, now)
  return changed(work, next)
}

function nextStage(work: Work, now: number): Work {
  const job = { ...toStep(work.job, 'applying', now), stage: work.job.stage + 1 }
  return { ...work, job: withTask(job, 'deploy', now) }
}

/** What is being suspended has no failures: whatever state it was in, it comes to rest, or the time is over. */
function observedRest(work: Work, states: Record<string, ServiceState>, now: number): Work | null {
  const named = work.job.stages.flatMap((stage) => stage.services)
  const services = Object.fromEntries(named.map((name) => [name, restOf(states[name])]))
  const left = Object.entries(services).filter(([, one]) => one.readiness === 'terminating')
  const message =
    left.length > 0 ? `waits for the end of ${left.map(([name]) => name).join(', ')}` : 'at rest'
  const next = {
    job: { ...work.job, services, message },
    system: withServices(work.system, services),
  }
  if (work.job.stages[work.job.stage + 1]) return nextStage(next, now)
  return left.length === 0 ? allReady(next, now) : changed(work, next)
}

/** What has ended well stays so. */
function restOf(state: ServiceState | undefined): ServiceProgress {
  if (state?.completed) return progressOf(state)
  if (state?.idle) return { readiness: 'absent', reason: SUSPENDED }
  return { readiness: 'terminating', reason: { code: 'TERMINATING', message: 'what runs of it is ending' } }
}

const SUSPENDED: Reason = { code: 'SUSPENDED', message: 'it is suspended' }

/** A change still has to remove what it no longer wants. */
function allReady(work: Work, now: number): Work {
  if (!isChange(work.job.kind)) return succeeded(work, now)
  return { ...work, job: withTask(toStep(work.job, 'applying', now), 'remove', now) }
}

function changed(before: Work, after: Work): Work | null {
  // What the services wait for changes with what is said of them, and so do the times that follow from it.
  return JSON.stringify(before.job.services) === JSON.stringify(after.job.services) ? null : after
}

function failedService(job: JobRecord): [string, Reason] | undefined {
  for (const [name, state] of Object.entries(job.services)) {
    if (state.readiness === 'failed') return [name, state.reason ?? { code: 'FAILED', message: 'failed' }]
  }
  return undefined
}

function withProgress(job: JobRecord, states: Record<string, ServiceState>): JobRecord {
  const services: JobRecord['services'] = {}
  job.stages.forEach((stage, index) => {
    for (const name of stage.services) {
      services[name] =
        index <= job.stage
          ? untilHost(progressOf(states[name]), name, job)
          : { readiness: 'absent', reason: waitsFor(job, index) }
    }
  })
  return { ...job, services, message: messageOf(services) }
}

function progressOf(state: ServiceState | undefined): ServiceProgress {
  if (!state) return { readiness: 'pending', reason: { code: 'NOT_SEEN', message: 'not seen yet' } }
  if (state.completed) return { readiness: 'ready', reason: { code: 'COMPLETED', message: 'completed' } }
  return state.reason ? { readiness: state.readiness, reason: state.reason } : { readiness: state.readiness }
}

function waitsFor(job: JobRecord, index: number): Reason {
  const names = (job.stages[index]?.requires ?? []).map((one) => `${one.service} (${one.condition})`)
  return { code: 'WAITS_FOR', message: `waits for ${[...new Set(names)].join(', ') || 'an earlier stage'}` }
}

function messageOf(services: Record<string, ServiceProgress>): string {
  const pending = Object.entries(services).filter(([, state]) => state.readiness !== 'ready')
  const first = pending[0]
  if (!first) return 'ready'
  const [name, state] = first
  const more = pending.length > 1 ? ` (and ${pending.length - 1} more)` : ''
  return `${name}: ${state.reason?.message ?? state.readiness}${more}`
}

function withServices(system: SystemRecord, progress: Record<string, ServiceProgress>): SystemRecord {
  const services = Object.fromEntries(
    Object.entries(system.services).map(([name, { dependsOn }]): [string, SystemService] => [
      name,
      { ...(progress[name] ?? { readiness: 'absent' }), dependsOn },
    ]),
  )
  return { ...system, services }
}

/**
 * The next state of a system on which no job works: its readiness, and whether it runs as it should. `differences`: what
 * is not as it was applied, in this observation.
 */
export function observedLive(
  system: SystemRecord,
  seen: Seen,
  differences: Difference[],
  now: number,
): SystemRecord | null {
  if (!isWatched(system)) return null
  const progress = Object.fromEntries(
    Object.keys(system.services).map((name) => {
      const state = seen.services[name]
      if (!state) return [name, { readiness: 'absent' as const }]
      return [name, system.suspended && state.idle ? restOf(state) : progressOf(state)]
    }),
  )
  const endpoints = withHosts(system.endpoints, seen.services)
  const next = { ...withServices(system, progress), endpoints, differences, stamp: seen.stamp }
  const well = differences.length === 0 && Object.values(next.services).every(isAsItShould(system))
  const phase = phaseOf(next, well)
  if (JSON.stringify(next) === JSON.stringify(system) && phase === system.phase) return null
  return toPhase({ ...next, updatedAt: now }, phase, now)
}

function isAsItShould({ suspended }: SystemRecord): (service: SystemService) => boolean {
  return (service) =>
    suspended
      ? service.reason?.code === SUSPENDED.code || isCompleted(service)
      : service.readiness === 'ready'
}

/** Whether it should stay as it is: no job works on it, and none has left it half done. */
export function isWatched({ phase }: SystemRecord): boolean {
  return phase === 'running' || phase === 'degraded' || phase === 'suspended'
}

/** One that is suspended stays so, whatever others do to it; its differences tell. */
function phaseOf(system: SystemRecord, well: boolean): SystemRecord['phase'] {
  if (system.phase === 'suspended') return 'suspended'
  if (!well) return 'degraded'
  if (system.suspended) return 'suspended'
  return Object.values(system.services).every(isCompleted) ? 'completed' : 'running'
}

/** Whether a service was a Job that ended well. */
export function isCompleted(service: { reason?: Reason }): boolean {
  return service.reason?.code === 'COMPLETED'
}
