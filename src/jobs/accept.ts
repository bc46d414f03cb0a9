// The first records of an accepted request. Pure: ids and the clock are arguments.
import type { Problem } from '../problem.ts'
import type { Exposure } from '../system/endpoint.ts'
import type { SystemIdentity, SystemSpec } from '../system/spec.ts'
import { type Lifetime, type SystemRecord, toPhase } from '../system/system.ts'
import type { JobCause, JobKind, JobRecord } from './job.ts'
import { type Origin, PLAIN_ORIGIN } from './origin.ts'
import { withTask } from './transitions.ts'

/** A job with the system that it works on. */
export type Work = { job: JobRecord; system: SystemRecord }

export type StartRequest = {
  job: string
  identity: SystemIdentity
  spec: SystemSpec
  /** Key of the stored spec. */
  specKey: string
  /** Key of the request as it may be shown; null: as it was. */
  source: string | null
  exposure: Exposure
  objectNames: string[]
  problems: Problem[]
  labels: Record<string, string>
  principal: string | null
  lifetime: Lifetime | null
  timeoutMs: number
  maxAttempts: number
  keepOnFailure: boolean
  rollback: boolean
  /** A system that is suspended stays so; left out: it is to run. */
  suspended?: boolean
  /** The failed job that this one tries again. */
  retryOf?: string
  origin: Origin
}

/** A first start: a new system in phase `starting`, and its job. */
export function acceptStart(request: StartRequest, now: number): Work {
  const system: SystemRecord = {
    ...request.identity,
    phase: 'starting',
    hasRun: false,
    lastGood: null,
    revision: now,
    job: request.job,
    spec: request.specKey,
    source: request.source,
    applied: null,
    stamp: null,
    differences: [],
    exposure: request.exposure,
    labels: request.labels,
    principal: request.principal,
    lifetime: request.lifetime,
    batch: request.origin.batch,
    endpoints: [],
    services: servicesOf(request.spec),
    suspended: false,
    restartedAt: null,
    objectNames: request.objectNames,
    createdAt: now,
    updatedAt: now,
  }
  return { system, job: withTask(newJob('system.start', request.job, system, request, now), 'compile', now) }
}

/**
 * A changed spec for a system that exists: same incarnation, more names where the new spec needs them. The principal
 * stays: it says for whom the system was started.
 */
export function acceptUpdate(system: SystemRecord, request: StartRequest, now: number): Work {
  const job = newJob('system.update', request.job, system, request, now)
  const objectNames = [...new Set([...system.objectNames, ...request.objectNames])]
  const updating = {
    ...system,
    job: job.id,
    spec: request.specKey,
    source: request.source ?? system.source,
    exposure: request.exposure,
    labels: request.labels,
    lifetime: request.lifetime,
    suspended: request.suspended ?? false,
    objectNames,
    services: servicesOf(request.spec),
  }
  return { system: toPhase(updating, 'updating', now), job: withTask(job, 'compile', now) }
}

/** `volumes`: what the system keeps from one start to the next goes too. `retryOf`: the failed stop that it tries again. */
export type StopOptions = { volumes?: boolean; cause?: JobCause; retryOf?: string; origin?: Origin }

/** The stop of a system, whatever it is doing; of one that is stopped, for what it has kept. */
export function acceptStop(
  system: SystemRecord,
  job: string,
  maxAttempts: number,
  now: number,
  { volumes = false, cause = 'request', ...options }: StopOptions = {},
): Work {
  const { spec, source, exposure, labels } = system
  const request = {
    specKey: spec,
    source,
    exposure,
    labels,
    lifetime: null,
    problems: [],
    timeoutMs: 0,
    maxAttempts,
    keepOnFailure: false,
    rollback: false,
    origin: PLAIN_ORIGIN,
    ...options,
  }
  const stop = newJob('system.stop', job, system, request, now)
  const services = Object.fromEntries(
    Object.entries(system.services).map(([name, service]) => [name, { readiness: service.readiness }]),
  )
  return {
    system: toPhase({ ...system, job, lifetime: null }, 'stopping', now),
    job: withTask({ ...stop, services, volumes, cause }, 'remove', now),
  }
}

export type JobRequest = Pick<
  StartRequest,
  | 'specKey'
  | 'exposure'
  | 'source'
  | 'labels'
  | 'lifetime'
  | 'problems'
  | 'timeoutMs'
  | 'maxAttempts'
  | 'keepOnFailure'
  | 'rollback'
  | 'suspended'
  | 'retryOf'
  | 'origin'
>

/** The first record of a job on a system. */
export function newJob(
  kind: JobKind,
  id: string,
  system: SystemRecord,
  request: JobRequest,
  now: number,
): JobRecord {
  return {
    id,
    kind,
    status: 'queued',
    step: 'queued',
    tenant: system.tenant,
    namespace: system.namespace,
    system: { name: system.name, sid: system.sid },
    retryOf: request.retryOf ?? null,
    cause: 'request',
    origin: request.origin,
    revision: now,
    attempt: 0,
    maxAttempts: request.maxAttempts,
    begins: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    stepSince: now,
    timings: { queuedMs: 0, compileMs: 0, applyMs: 0, waitMs: 0 },
    message: 'waits for a worker',
    services: {},
    problems: request.problems,
    endpoints: [],
    changes: [],
    error: null,
    ending: null,
    cancelAsked: false,
    nextRetryAt: null,
    spec: request.specKey,
    manifests: null,
    exposure: request.exposure,
    source: request.source,
    labels: request.labels,
    lifetime: request.lifetime,
    keepOnFailure: request.keepOnFailure,
    rollback: request.rollback,
    suspended: request.suspended ?? false,
    volumes: false,
    timeoutMs: request.timeoutMs,
    deadlineAt: null,
    standsSince: null,
    waits: {},
    awaitsHost: [],
    givesUp: null,
    stages: [],
    stage: 0,
    versions: {},
    memo: {},
    task: null,
    lastRound: 0,
    waitingFor: null,
  }
}

function servicesOf(spec: SystemSpec): SystemRecord['services'] {
  return Object.fromEntries(
    Object.entries(spec.services).map(([name, service]) => [
      name,
      { readiness: 'absent' as const, dependsOn: Object.keys(service.dependsOn) },
    ]),
  )
}
