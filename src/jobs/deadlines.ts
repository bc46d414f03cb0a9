// When waiting ends: the job's own deadline, whose clock stands while an image is pulled, and before it the end of the
// patience with single services. Pure; times are milliseconds since the epoch, by the clock of those who observe.
import type { SystemSpec } from '../system/spec.ts'
import type { JobError, JobRecord, ServiceProgress, StageOutline } from './job.ts'
import { jobError } from './transitions.ts'

/** What a service waits for, and since when; and the error with which the job ends if that does not change in time. */
export type Waits = Record<string, { code: string; since: number }>
export type GivesUp = { at: number; error: JobError }

/** An autoscaler has so long to bring a node: the slow ones take some minutes. */
const autoscalerMs = 5 * 60_000

/** A stage as the job remembers it: with the patience that its requirements have. */
export function toOutline(
  { services, requires }: Pick<StageOutline, 'services' | 'requires'>,
  spec: SystemSpec,
): StageOutline {
  return {
    services,
    requires: requires.map((one) => {
      const patienceMs = one.condition === 'healthy' ? healthPatienceMs(spec, one.service) : undefined
      return patienceMs === undefined ? one : { ...one, patienceMs }
    }),
  }
}

/**
 * After so long a container that runs is unhealthy: its start period, then all its retries in vain, the last of which
 * may take its whole time (https://docs.docker.com/reference/dockerfile/#healthcheck).
 */
function healthPatienceMs(spec: SystemSpec, service: string): number | undefined {
  const check = spec.services[service]?.healthcheck
  return check ? check.startPeriodMs + check.retries * check.intervalMs + check.timeoutMs : undefined
}

/** The job with what its services wait for now, and the times that follow from it. */
export function withDeadlines(job: JobRecord, now: number): JobRecord {
  const waits = waitsOf(job, now)
  return { ...withClock(job, now), waits, givesUp: firstToGiveUp(job, waits) }
}

function waitsOf(job: JobRecord, now: number): Waits {
  return Object.fromEntries(
    pendingOf(job).map(([name, { reason }]) => {
      const code = reason?.code ?? ''
      const before = job.waits[name]
      return [name, { code, since: before?.code === code ? before.since : now }]
    }),
  )
}

function pendingOf({ services }: JobRecord): [string, ServiceProgress][] {
  return Object.entries(services).filter(([, { readiness }]) => readiness === 'pending')
}

const imageCodes: ReadonlySet<string> = new Set(['PULLING', 'BUILDING'])

/** A pull takes as long as it takes, and so does a build: its time is added to the deadline when it has ended. */
function withClock(job: JobRecord, now: number): JobRecord {
  const pulls = pendingOf(job).some(([, { reason }]) => imageCodes.has(reason?.code ?? ''))
  if (pulls) return { ...job, standsSince: job.standsSince ?? now }
  if (job.standsSince === null) return job
  const deadlineAt = job.deadlineAt === null ? null : job.deadlineAt + (now - job.standsSince)
  return { ...job, deadlineAt, standsSince: null }
}

function firstToGiveUp(job: JobRecord, waits: Waits): GivesUp | null {
  const all = Object.entries(waits).flatMap(([service, wait]) => givesUpOn(job, service, wait) ?? [])
  return all.sort((a, b) => a.at - b.at)[0] ?? null
}

function givesUpOn(job: JobRecord, service: string, { code, since }: Waits[string]): GivesUp | undefined {
  const said = job.services[service]?.reason?.message ?? ''
  const details = { service }
  if (code === 'UNSCHEDULABLE') {
    const error = jobError(code, `${service}: ${said}`, { retryable: true, details })
    return { at: since + autoscalerMs, error }
  }
  const patienceMs = code === 'NOT_READY' ? patienceWith(job, service) : undefined
  if (patienceMs === undefined) return undefined
  const message = `${service}: It is unhealthy after ${Math.round(patienceMs / 1000)} s, and others wait for it to be healthy. ${said}`
  return { at: since + patienceMs, error: jobError('UNHEALTHY', message, { details }) }
}

/** Undefined for a service that nobody waits for: that has time until the job's deadline. */
function patienceWith(job: JobRecord, service: string): number | undefined {
  const required = job.stages.slice(job.stage + 1).flatMap(({ requires }) => requires)
  return required.find((one) => one.service === service && one.condition === 'healthy')?.patienceMs
}

/** What a removal has left behind is looked for again after so long; a pod has ten seconds to end by itself. */
const removeAgainMs = 15_000

/** When a removal is to be repeated, unless the last object is seen to go before; null for a job that waits for none. */
export function removeAgainAt({ waitingFor, stepSince }: JobRecord): number | null {
  return waitingFor === 'gone' ? stepSince + removeAgainMs : null
}

/** When the job is to be looked at because its time may be over; null: it has time without end. */
export function nextDeadline(job: JobRecord): number | null {
  const times = [givesUpOf(job)?.at, job.standsSince === null ? job.deadlineAt : null, removeAgainAt(job)]
  const set = times.filter((time) => typeof time === 'number')
  return set.length > 0 ? Math.min(...set) : null
}

/** The error of a job whose time is over; null while there is time. */
export function overdueError(job: JobRecord, now: number): JobError | null {
  const givesUp = givesUpOf(job)
  if (givesUp && now >= givesUp.at) return givesUp.error
  if (job.deadlineAt === null || job.standsSince !== null || now < job.deadlineAt) return null
  const isAsked = job.suspended ? isEnding : isUnready
  const notReady = Object.entries(job.services).filter(([, state]) => isAsked(state))
  const reasons = notReady.map(([name, state]) => `${name}: ${state.reason?.message ?? state.readiness}`)
  const why = reasons.length > 0 ? reasons.join('; ') : job.message
  const what = job.suspended ? 'Not at rest' : 'Not ready'
  const message = `${what} after ${Math.round(job.timeoutMs / 1000)} s (${why})`
  const [service] = pendingOf(job).map(([name]) => name)
  return jobError('DEADLINE_EXCEEDED', message, {
    retryable: true,
    ...(service !== undefined && { details: { service } }),
  })
}

const isUnready = ({ readiness }: ServiceProgress) => readiness !== 'ready'
const isEnding = ({ readiness }: ServiceProgress) => readiness === 'terminating'

/** Only who waits loses patience. */
function givesUpOf({ waitingFor, givesUp }: JobRecord): GivesUp | null {
  return waitingFor === 'ready' ? givesUp : null
}
