// The event catalogue: facts in the past tense, of which streams and webhooks tell. Pure.
import { type Static, Type } from 'typebox'
import { Phase, type SystemRecord } from '../system/system.ts'
import type { Work } from './accept.ts'
import { JobError, JobKind, type JobRecord, JobResult, JobStatus } from './job.ts'
import { toJobResult, toTime } from './job-view.ts'
import type { Callback } from './origin.ts'
import { isDone } from './transitions.ts'

/** Type -> what it means; the documentation's table is this. */
export const eventTypes = {
  'system.started': 'A system runs as it was asked for, or has completed.',
  'system.updated': 'A change of a system was carried out: a PUT, a PATCH, a restart, a suspend or a resume.',
  'system.failed': 'A start, a change or a stop has failed.',
  'system.degraded': 'A system that ran does not run as it should any more.',
  'system.stopped': 'A system was stopped on request; nothing of it runs.',
  'system.expired': 'A system was removed because its time was over.',
  'job.canceled': 'A job was canceled, or another one has taken its place.',
  'batch.item.completed': 'A member of a batch has come to its end, whatever it is.',
  'batch.completed': 'All members of a batch have come to their end.',
} as const satisfies Record<string, string>

export type EventType = keyof typeof eventTypes

export const EventType = Type.Unsafe<EventType>({ type: 'string', enum: Object.keys(eventTypes) })

/** The job of an event, in short. Exactly one of `result` and `error` where it is done. */
export const EventJob = Type.Object({
  id: Type.String(),
  href: Type.String(),
  kind: JobKind,
  status: JobStatus,
  result: Type.Optional(JobResult),
  error: Type.Optional(JobError),
})
export type EventJob = Static<typeof EventJob>

/** Data of all `system.*` and `job.*` events and of `batch.item.completed`. */
export const SystemEventData = Type.Object({
  tenant: Type.String(),
  system: Type.Object({ name: Type.String(), sid: Type.String(), phase: Phase, href: Type.String() }),
  job: Type.Optional(EventJob),
  batch: Type.Optional(
    Type.Object({ id: Type.String(), index: Type.Integer(), clientId: Type.Optional(Type.String()) }),
  ),
  reason: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
})
export type SystemEventData = Static<typeof SystemEventData>

/** As the store keeps it and as it is delivered, without what only Tycho needs. `timestamp`: RFC 3339, UTC. */
export type TychoEvent<Data = Record<string, unknown>> = {
  type: EventType
  timestamp: string
  data: Data & { tenant: string }
}

/** An event on its way out: to be told to the tenant's registered endpoints, and to `callback`. */
export type Outgoing = { event: TychoEvent; callback: Callback | null; trace: string | null }

/** What a transition of a job means to those outside. `before` null: the job is new. */
export function eventsOf(before: Work | null, after: Work, now: number): Outgoing[] {
  const { job, system } = after
  if (!isDone(job) || (before && isDone(before.job))) return degradedBy(before?.system ?? null, after, now)
  const types: EventType[] = [endingType(job), ...(isOfMember(job) ? ['batch.item.completed' as const] : [])]
  const data = toSystemEventData(system, job)
  return types.map((type) => toOutgoing(type, data, job, now))
}

/** A live system, on which no job works, has changed by itself. */
export function eventsOfSystem(before: SystemRecord, after: SystemRecord, now: number): Outgoing[] {
  if (after.phase !== 'degraded' || before.phase === 'degraded') return []
  const event = toEvent('system.degraded', toSystemEventData(after, null), now)
  return [{ event, callback: null, trace: null }]
}

/** A failed update leaves its system degraded: that is told by its own end. */
function degradedBy(before: SystemRecord | null, { system }: Work, now: number): Outgoing[] {
  return before && before.sid === system.sid ? eventsOfSystem(before, system, now) : []
}

/** The stop of a member is no end of what the batch was asked for. */
function isOfMember({ origin, kind }: JobRecord): boolean {
  return origin.batch !== null && kind !== 'system.stop'
}

function endingType({ status, kind, cause }: JobRecord): EventType {
  if (status === 'failed') return 'system.failed'
  if (status === 'canceled') return 'job.canceled'
  if (kind === 'system.stop') return cause === 'expiry' ? 'system.expired' : 'system.stopped'
  return kind === 'system.start' ? 'system.started' : 'system.updated'
}

function toOutgoing(type: EventType, data: SystemEventData, { origin }: JobRecord, now: number): Outgoing {
  const { callback, trace } = origin
  return {
    event: toEvent(type, data, now),
    callback: callback && wants(callback, type) ? callback : null,
    trace,
  }
}

/** One per item has to be asked for by name. */
export function wants({ events }: Pick<Callback, 'events'>, type: EventType): boolean {
  return events === null ? type !== 'batch.item.completed' : events.includes(type)
}

function toEvent<Data extends { tenant: string }>(
  type: EventType,
  data: Data,
  now: number,
): TychoEvent<Data> {
  return { type, timestamp: toTime(now), data }
}

function toSystemEventData(system: SystemRecord, job: JobRecord | null): SystemEventData {
  const { name, sid } = job?.system ?? system
  const batch = job ? job.origin.batch : system.batch
  return {
    tenant: system.tenant,
    system: { name, sid, phase: system.phase, href: `/v1/systems/${name}` },
    ...(job && { job: toEventJob(job) }),
    ...(batch && {
      batch: { id: batch.id, index: batch.index, ...(batch.clientId && { clientId: batch.clientId }) },
    }),
    ...reasonOf(system, job),
  }
}

function reasonOf(
  { differences, services }: SystemRecord,
  job: JobRecord | null,
): Pick<SystemEventData, 'reason'> {
  if (job) return {}
  const service = Object.entries(services).find(([, one]) => one.readiness !== 'ready' && one.reason)
  const [difference] = differences
  if (service?.[1].reason) {
    const { code, message } = service[1].reason
    return { reason: { code, message: `${service[0]}: ${message}` } }
  }
  if (!difference) return {}
  return { reason: { code: 'CHANGED_OUTSIDE', message: `${difference.subject} ${difference.message}` } }
}

function toEventJob(job: JobRecord): EventJob {
  return {
    id: job.id,
    href: `/v1/jobs/${job.id}`,
    kind: job.kind,
    status: job.status,
    ...(job.status === 'succeeded' && { result: toJobResult(job) }),
    ...(job.status !== 'succeeded' && job.error && { error: job.error }),
  }
}
