// The port: what runs Systems, in System words only.
import type { Problem } from '../problem.ts'
import type { Capacity, CapacityAsked } from '../system/capacity.ts'
import type { ChangeSet } from '../system/change.ts'
import type { Difference } from '../system/difference.ts'
import type { Endpoint, Exposure } from '../system/endpoint.ts'
import type { CheckExtension } from '../system/extensions.ts'
import type { ImagePull, NodeImages } from '../system/image-pull.ts'
import type { LiveObject, LivePreparation, LiveSystem } from '../system/live.ts'
import type { Needs } from '../system/needs.ts'
import type { OrchestratorKind } from '../system/orchestrator-kind.ts'
import type { Policy } from '../system/policy.ts'
import type { Reachability, Reason, Requirement, ServiceState, Version } from '../system/readiness.ts'
import type { SettingsByService } from '../system/service-settings.ts'
import type { SystemIdentity, SystemSpec } from '../system/spec.ts'

/**
 * One object as we want it: plain data, and the Compose path it came from (`services.web`). `assumed`: paths in `body`
 * whose values the file does not give, so that an object which exists already keeps its own.
 */
export type Manifest = {
  subject: string
  path: string
  body: Record<string, unknown>
  assumed?: readonly string[]
}

/** Manifests that are applied together, once `requires` is met. `assumes` left out: nothing. */
export type Stage = {
  services: string[]
  requires: Requirement[]
  manifests: Manifest[]
  assumes?: Assumption[]
}

/**
 * What must be so where the system runs and is not the system's to make; `problem` says what is wrong where it is not.
 * With `key` the object must have data under it.
 */
export type Assumption = {
  object: { apiVersion: string; kind: string; name: string; key?: string }
  is: 'present' | 'absent'
  problem: Problem
}

export type CompileInput = {
  identity: SystemIdentity
  spec: SystemSpec
  exposure: Exposure
  /** What the request says of single services. */
  settings?: SettingsByService
  /** Left out: that of a tenant of whom the operator says nothing. */
  policy?: Policy
  ingress?: IngressSettings
  /** Everything is kept, and nothing runs; the names that it holds are the same. Left out: it runs. */
  suspended?: boolean
  /** RFC 3339: what was started for an earlier value, or for none, is started anew. Left out: never restarted. */
  restartedAt?: string | null
}

/**
 * `host`: a template (`{service}.{system}.example.org`). `namespace`: that of the controller, which alone comes to the
 * pods. null, or left out: the operator says nothing.
 */
export type IngressSettings = { host: string | null; className: string | null; namespace?: string | null }

/**
 * `objectNames`: every name that the system will hold in its namespace, whatever the object's kind. `stages` may be
 * worked out only when they are read.
 */
export type Compiled = { stages: Stage[]; problems: Problem[]; objectNames: string[] }

/** Thrown by `check` when the task may write no more: it was superseded, canceled or is done by another. */
export type Fence = { job: string; sid: string; attempt: number; check: () => Promise<void> }

/** What one stage of a job needs to be applied. `memo` is the orchestrator's own note, carried from stage to stage. */
export type ApplyInput = {
  identity: SystemIdentity
  stage: Stage
  /** `create`: nothing should exist yet. `update`: bring what exists to this. */
  mode: 'create' | 'update'
  /** Whether it leaves room for what somebody waits for; left out: it does not. */
  givesWay?: boolean
  fence: Fence
  memo: Memo
  /** Told what services wait for before anything of them runs; left out: nobody listens. */
  tell?: (waits: Record<string, Reason>) => Promise<void>
}

export type Memo = Record<string, unknown>

/**
 * `problems`: how what is there differs from what was asked for. `versions`: of each service of the stage, the one that
 * observed states have from now on, until a later change. `awaitsHost`: services whose endpoints have no host yet, which
 * their observed states will tell; left out: none.
 */
export type Applied = {
  changes: ChangeSet
  problems: Problem[]
  endpoints: Endpoint[]
  versions: Record<string, Version>
  awaitsHost?: string[]
  memo: Memo
}

/**
 * What is to be seen of one incarnation: its services, and the subjects of its objects that still exist.
 * `synced` says that everything that existed at the start of the observation has been told.
 */
export type Observation =
  | {
      type: 'system'
      identity: SystemIdentity
      services: Record<string, ServiceState>
      remaining: string[]
      /** Differs from an earlier one as soon as something else is asked of an object that Tycho has written. */
      stamp: string
    }
  | { type: 'synced' }

/** What the container of a service that is not well has said last, oldest line first. */
export type LastWords = { container: string; lines: string[] }

/** Times are milliseconds since the epoch. */
export type LogOptions = {
  /** Null: all. */
  service: string | null
  /** Of each copy the last so many lines; null: all that there are. */
  tail: number | null
  /** Lines from then on; null: all. */
  since: number | null
  /** Lines go on to come, from later copies too, until `last` aborts: then it ends with the copies that there are. */
  follow: { last: AbortSignal } | null
}

/** `service`: also what runs once before one (`web/pre_start`). `copy`: which of several has said it. */
export type LogLine = { service: string; copy: string; text: string }

export type Removal = { changes: ChangeSet; remaining: string[] }

/** Of images that are pulled beforehand: where, for whom, and what was told of the nodes last. */
export type PreparationInput = PreparationRef & {
  tenant: string
  pulls: readonly ImagePull[]
  before: readonly NodeImages[]
  /** Throws when nothing may be made any more; asked before each write. */
  check: () => Promise<void>
}

export type PreparationRef = { id: string; namespace: string }

/**
 * `isSettled`: more time would change nothing that is known. `trouble`: why there are fewer nodes than there should be, or
 * none.
 */
export type Prepared = { nodes: NodeImages[]; isSettled: boolean; trouble: Reason | null }

export type Orchestrator<Facts = unknown> = {
  kind: OrchestratorKind
  /** Of the `x-*` keys that `compile` reads: what is wrong with them. Pure. */
  checkExtension: CheckExtension
  /** Pure. `facts` left out: those of a current cluster, so that a file can be checked without one. */
  compile(input: CompileInput, facts?: Facts): Compiled
  /** `objectNames` of what `compile` gives, for a fraction of the time. Pure. */
  objectNames(input: CompileInput): string[]
  /** As they may be shown: what is secret by its kind or its name, and `values` wherever they stand, is masked. Pure. */
  maskStages(stages: readonly Stage[], values: readonly string[]): Stage[]
  /** What a system of these stages takes. Pure. */
  needs(stages: readonly Stage[]): Needs
  /** What the compiler must know of the cluster; cached. Throws UnavailableError (remedy `wait`) without one. */
  facts(signal: AbortSignal): Promise<Facts>
  /** Applies one stage. Repeatable: what is already there and ours is adopted. */
  apply(input: ApplyInput, signal: AbortSignal): Promise<Applied>
  /** Deletes every object that `stages` does not want and that carries our sid. */
  prune(identity: SystemIdentity, stages: Stage[], fence: Fence, signal: AbortSignal): Promise<ChangeSet>
  /** Observes all systems until aborted; recovers by itself from dropped watches and a cluster that is away. */
  observe(signal: AbortSignal): AsyncIterable<Observation>
  /** Keeps what all systems have in common where they run, until aborted; recovers by itself as `observe` does. */
  guard(signal: AbortSignal): Promise<void>
  /**
   * Deletes what carries the sid and says what still exists, pods included. Repeat until nothing remains. `volumes`:
   * those that the system keeps from one start to the next as well. `givesWay`: it leaves room for what somebody waits for.
   * `again`: something was deleted before, and seems to be gone.
   */
  remove(
    identity: SystemIdentity,
    signal: AbortSignal,
    what?: { volumes?: boolean; givesWay?: boolean; again?: boolean },
  ): Promise<Removal>
  /** Every incarnation of which something stands, whoever knows of it. Throws UnavailableError without a cluster. */
  list(signal: AbortSignal): Promise<LiveSystem[]>
  /** Deletes these very objects of an incarnation, by their uids. One that is gone already is no error. */
  discard(identity: SystemIdentity, objects: readonly LiveObject[], signal: AbortSignal): Promise<ChangeSet>
  /**
   * What the cluster itself would refuse of these stages, and nothing is written. Throws UnavailableError without a
   * cluster.
   */
  dryRun(identity: SystemIdentity, stages: Stage[], signal: AbortSignal): Promise<Problem[]>
  /** What of these stages is not as it was applied. Nothing is written. Throws UnavailableError without a cluster. */
  differences(identity: SystemIdentity, stages: Stage[], signal: AbortSignal): Promise<Difference[]>
  /** The images that the pods of these stages need, each once. Pure. */
  pullsOf(stages: readonly Stage[]): ImagePull[]
  /**
   * Has every node that would take the pods pull their images, and says how far each is. Repeat until it is settled: what
   * is there already is gone on with, and nodes that are new are among them. Throws UnavailableError without a cluster.
   */
  prepare(input: PreparationInput, signal: AbortSignal): Promise<Prepared>
  /** Deletes what a preparation has made, but for the images; says what still exists. Repeat until nothing remains. */
  endPreparation(ref: PreparationRef, signal: AbortSignal): Promise<string[]>
  /** Every preparation of which something stands, whoever knows of it. Throws UnavailableError without a cluster. */
  preparations(signal: AbortSignal): Promise<LivePreparation[]>
  /** Null where no container of the service has run, or its log may not be read. */
  lastWords(identity: SystemIdentity, service: string, signal: AbortSignal): Promise<LastWords | null>
  /**
   * What the containers of a system say: in the order of time, and while it is followed as it comes. Null where none has
   * run, and it is not followed. It holds few lines, and goes on only when they are taken. Throws UnavailableError without a cluster and
   * `FORBIDDEN` before the first line; a connection that breaks later is made anew, and no line is told twice.
   */
  logs(
    identity: SystemIdentity,
    options: LogOptions,
    signal: AbortSignal,
  ): Promise<AsyncIterable<LogLine> | null>
  /**
   * What there is where systems run, and how much of it is used; some seconds old at most. What may not be read is said
   * to be unknown. Throws TychoError where the cluster can't tell.
   */
  capacity(asked: CapacityAsked, signal: AbortSignal): Promise<Capacity>
  /**
   * Whose token it is, by the name of its user; null where it is not good, or for none of the audiences (none: the
   * cluster's own). Throws TychoError where the cluster can't tell.
   */
  reviewToken(token: string, audiences: readonly string[], signal: AbortSignal): Promise<string | null>
  reachability(signal: AbortSignal): Promise<Reachability>
  close(): Promise<void>
}

/** What is pure of an orchestrator: it needs no place to run systems on. */
export type Compiler<Facts = unknown> = Pick<
  Orchestrator<Facts>,
  'checkExtension' | 'compile' | 'objectNames' | 'maskStages' | 'needs' | 'pullsOf'
>
