// The System as the store keeps it, and the phases it goes through.
import { type Static, Type } from 'typebox'
import type { Difference } from './difference.ts'
import type { Endpoint, Exposure } from './endpoint.ts'
import type { Readiness, Reason } from './readiness.ts'
import type { SystemIdentity } from './spec.ts'

export const Phase = Type.Union([
  Type.Literal('starting'),
  Type.Literal('running'),
  Type.Literal('completed'),
  Type.Literal('degraded'),
  Type.Literal('updating'),
  Type.Literal('suspending'),
  Type.Literal('suspended'),
  Type.Literal('stopping'),
  Type.Literal('stopped'),
  Type.Literal('failed'),
])
export type Phase = Static<typeof Phase>

/** The phases that may follow each phase. */
export const nextPhases = {
  // Of one that has run before: it is being resumed.
  starting: ['running', 'completed', 'degraded', 'updating', 'suspending', 'failed', 'stopping', 'stopped'],
  running: ['completed', 'degraded', 'updating', 'suspending', 'stopping'],
  completed: ['updating', 'stopping'],
  degraded: ['running', 'completed', 'updating', 'suspending', 'suspended', 'stopping'],
  updating: ['running', 'completed', 'degraded', 'suspending', 'suspended', 'stopping', 'stopped', 'failed'],
  suspending: ['suspended', 'starting', 'updating', 'degraded', 'stopping'],
  suspended: ['starting', 'updating', 'suspending', 'stopping'],
  stopping: ['stopped', 'failed'],
  // What it kept goes.
  stopped: ['stopping'],
  failed: ['stopping', 'updating'],
} as const satisfies Record<Phase, readonly Phase[]>

export type SystemService = { readiness: Readiness; reason?: Reason; dependsOn: string[] }

/** How long a system may stay, from the request that said so; when it is removed, in milliseconds since the epoch. */
export type Lifetime = { ttlMs: number; expiresAt: number }

/** What a system was asked to be when it last was so: what an update can go back to. `spec` is the key of stored content. */
export type LastGood = Pick<
  SystemRecord,
  'spec' | 'source' | 'exposure' | 'labels' | 'lifetime' | 'suspended' | 'restartedAt'
> & {
  dependsOn: Record<string, string[]>
}

/** Times are milliseconds since the epoch. */
export type SystemRecord = {
  tenant: string
  namespace: string
  name: string
  sid: string
  phase: Phase
  /** Whether this incarnation was ever brought up as it was asked for; until then each of its jobs is a first start. */
  hasRun: boolean
  /** Null too where it has run, but is not known any more. */
  lastGood: LastGood | null
  revision: number
  /** The newest job on this system. */
  job: string
  spec: string
  /** Key of the request as it may be shown; null where none is known. */
  source: string | null
  /** What was last applied, or begun to be: keys of the stages, and of the spec that they were compiled from. */
  applied: { spec: string; manifests: string } | null
  /** The observation with which `differences` was last found out; null: not since the last change. */
  stamp: string | null
  /** What somebody else has changed since. */
  differences: Difference[]
  exposure: Exposure
  labels: Record<string, string>
  principal: string | null
  /** Null: until somebody stops it. */
  lifetime: Lifetime | null
  /** The batch that it was submitted with; `index` counts from 0. */
  batch: { id: string; index: number; clientId: string | null } | null
  endpoints: Endpoint[]
  services: Record<string, SystemService>
  /** It is to keep everything that it has, and to run nothing. */
  suspended: boolean
  /** When its newest restart was asked for; part of what it is to be, so that no later change undoes or repeats it. */
  restartedAt: number | null
  /** Names held in the namespace; empty once nothing of the system remains. */
  objectNames: string[]
  createdAt: number
  updatedAt: number
}

/** Moves a system to a phase. Throws on a move that the table forbids. */
export function toPhase(system: SystemRecord, phase: Phase, now: number): SystemRecord {
  if (phase === system.phase) return system
  const allowed: readonly Phase[] = nextPhases[system.phase]
  if (!allowed.includes(phase))
    throw new Error(`system ${system.name} can't go from ${system.phase} to ${phase}`)
  return { ...system, phase, updatedAt: now }
}

/** Whether nothing of it remains, so that its name is free for a new incarnation. */
export function isEnded(system: SystemRecord): boolean {
  return system.phase === 'stopped' || (system.phase === 'failed' && system.objectNames.length === 0)
}

/** `ttlMs` null: for ever. */
export function toLifetime(ttlMs: number | null, now: number): Lifetime | null {
  return ttlMs === null ? null : { ttlMs, expiresAt: now + ttlMs }
}

export function identityOf({ tenant, namespace, name, sid }: SystemRecord): SystemIdentity {
  return { tenant, namespace, name, sid }
}

/** Whether all of what was last asked was applied, so that anything else is somebody else's doing. */
export function isAsApplied({ applied, lastGood, suspended, restartedAt }: SystemRecord): boolean {
  return (
    applied !== null &&
    applied.spec === lastGood?.spec &&
    suspended === lastGood.suspended &&
    restartedAt === lastGood.restartedAt
  )
}
