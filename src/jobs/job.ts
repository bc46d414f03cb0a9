// The Job: the work on one System, as its client sees it and as Tycho itself must remember it.
import { type Static, Type } from 'typebox'
import { Problem } from '../problem.ts'
import { Change } from '../system/change.ts'
import { Endpoint, type Exposure } from '../system/endpoint.ts'
import { Readiness, Reason, type Requirement, type Version } from '../system/readiness.ts'
import type { Lifetime } from '../system/system.ts'
import type { GivesUp, Waits } from './deadlines.ts'
import type { Origin } from './origin.ts'

export const JobKind = Type.Union([
  Type.Literal('system.start'),
  Type.Literal('system.stop'),
  Type.Literal('system.update'),
  Type.Literal('system.restart'),
  Type.Literal('system.suspend'),
  Type.Literal('system.resume'),
])
export type JobKind = Static<typeof JobKind>

export const JobStatus = Type.Union([
  Type.Literal('queued'),
  Type.Literal('running'),
  Type.Literal('succeeded'),
  Type.Literal('failed'),
  Type.Literal('canceled'),
])
export type JobStatus = Static<typeof JobStatus>

export const Step = Type.Union([
  Type.Literal('queued'),
  Type.Literal('compiling'),
  Type.Literal('applying'),
  Type.Literal('waiting'),
  Type.Literal('done'),
])
export type Step = Static<typeof Step>

/** How far one service is, in the job's progress and in the system. */
export const ServiceProgress = Type.Object({ readiness: Readiness, reason: Type.Optional(Reason) })
export type ServiceProgress = Static<typeof ServiceProgress>

/** Why a job did not succeed. `retryable`: the same request may succeed later. */
export const JobError = Type.Object({
  code: Type.String(),
  message: Type.String(),
  retryable: Type.Boolean(),
  details: Type.Record(Type.String(), Type.Unknown()),
})
export type JobError = Static<typeof JobError>

export const JobResult = Type.Object({
  endpoints: Type.Array(Endpoint),
  containers: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer())),
  changes: Type.Array(Change),
})
export type JobResult = Static<typeof JobResult>

/** Milliseconds spent in each step so far, the present one up to the answer. */
export const Timings = Type.Object({
  queuedMs: Type.Integer(),
  compileMs: Type.Integer(),
  applyMs: Type.Integer(),
  waitMs: Type.Integer(),
})
export type Timings = Static<typeof Timings>

/** Of a job on a member of a batch: which one. */
export const JobBatch = Type.Object({
  id: Type.String(),
  index: Type.Integer({ description: 'Counts from 0' }),
  href: Type.String(),
  clientId: Type.Optional(Type.String({ description: 'As the request has it' })),
})
export type JobBatch = Static<typeof JobBatch>

/** A job as the contract answers it (`GET /v1/jobs/{id}`). Times are RFC 3339, UTC. */
export const Job = Type.Object({
  id: Type.String(),
  kind: JobKind,
  status: JobStatus,
  done: Type.Boolean(),
  retryOf: Type.Optional(Type.String()),
  system: Type.Object({ name: Type.String(), sid: Type.String(), href: Type.String() }),
  batch: Type.Optional(JobBatch),
  tenant: Type.String(),
  revision: Type.Integer(),
  attempt: Type.Integer(),
  maxAttempts: Type.Integer(),
  nextRetryAt: Type.Optional(Type.String({ description: 'When what failed is tried again' })),
  queuePosition: Type.Optional(
    Type.Integer({
      description:
        'While a worker is waited for: 1 is the next of its queue. It changes without a new revision',
    }),
  ),
  progress: Type.Object({
    step: Step,
    percent: Type.Integer(),
    message: Type.String(),
    services: Type.Record(Type.String(), ServiceProgress),
  }),
  createdAt: Type.String(),
  startedAt: Type.Optional(Type.String()),
  finishedAt: Type.Optional(Type.String()),
  keptUntil: Type.Optional(Type.String()),
  timings: Timings,
  problems: Type.Array(Problem),
  result: Type.Optional(JobResult),
  error: Type.Optional(JobError),
})
export type Job = Static<typeof Job>

/** Who asked for the job: a client, or the end of the system's lifetime. */
export type JobCause = 'request' | 'expiry'

export type TaskVerb = 'compile' | 'deploy' | 'remove'

/**
 * The task that should exist for a job now; its id is `<job>.<verb>.<round>`. `held`: a worker has taken it up and has
 * not let go of it, so that it may be writing. `heldUp`: it was tried and could not go on, for the reason that is the
 * job's message until it gets on.
 */
export type TaskRef = { verb: TaskVerb; round: number; since: number; held: boolean; heldUp?: true }

/**
 * How a job ends that undoes what it did: what a first start made is removed, an update goes back to the last good
 * spec.
 */
export type Ending = { status: 'failed' | 'canceled'; by: 'removal' | 'rollback' }

/** What the observer must know of a stage to let the next one start. */
export type StageOutline = { services: string[]; requires: Requirement[] }

/** A job as the store keeps it. Times are milliseconds since the epoch. */
export type JobRecord = {
  id: string
  kind: JobKind
  status: JobStatus
  step: Step
  tenant: string
  namespace: string
  system: { name: string; sid: string }
  retryOf: string | null
  cause: JobCause
  origin: Origin
  /** Strictly increasing; starts at the clock, so that it also increases over a loss of the store. */
  revision: number
  attempt: number
  maxAttempts: number
  /** How often a worker began one of its tasks: the fence against workers that lost theirs. */
  begins: number
  createdAt: number
  startedAt: number | null
  finishedAt: number | null
  /** When the present step began. */
  stepSince: number
  timings: Timings
  message: string
  services: Record<string, ServiceProgress>
  problems: Problem[]
  endpoints: Endpoint[]
  changes: Change[]
  error: JobError | null
  /** Set while what was done is being undone. */
  ending: Ending | null
  /** A cancel that the worker which holds the task has still to obey, at its next safe point. */
  cancelAsked: boolean
  /** When the task that failed is tried again. */
  nextRetryAt: number | null
  /** Hash of the spec, and of the stages compiled from it. */
  spec: string
  manifests: string | null
  exposure: Exposure
  /** Key of the request as it may be shown; null where none is known. */
  source: string | null
  labels: Record<string, string>
  lifetime: Lifetime | null
  keepOnFailure: boolean
  /** Of an update: when it fails, the system goes back to the last good spec. */
  rollback: boolean
  /** The system is to be suspended when it is done. */
  suspended: boolean
  /** Of a stop: whether what the system keeps from one start to the next goes too. */
  volumes: boolean
  /** Time to become ready, from the first attempt to do something. */
  timeoutMs: number
  deadlineAt: number | null
  /** Since when the deadline's clock stands, because an image is being pulled. */
  standsSince: number | null
  /** In what the services have been waiting, and when that is in vain (`deadlines.ts`). */
  waits: Waits
  givesUp: GivesUp | null
  stages: StageOutline[]
  /** Index of the stage that is being applied or waited for. */
  stage: number
  /** What this job has applied of each service: what is observed of an earlier version is none of its business. */
  versions: Record<string, Version>
  /** Services whose endpoints get their host after the apply. */
  awaitsHost: string[]
  memo: Record<string, unknown>
  task: TaskRef | null
  /** The round of the newest task, so that no task id is ever used twice. */
  lastRound: number
  /** What the observer looks for while `step` is `waiting`. */
  waitingFor: 'ready' | 'gone' | null
}
