// A job record as the contract shows it.
import type { Endpoint } from '../system/endpoint.ts'
import type { Job, JobBatch, JobRecord, JobResult } from './job.ts'
import type { Membership } from './origin.ts'
import { isDone, timingsAt } from './transitions.ts'

/** The job as clients see it. `retentionMs` says how long it is kept after its end, `now` up to when it is timed. */
export function toJob(record: JobRecord, retentionMs: number, now = Date.now()): Job {
  return {
    id: record.id,
    kind: record.kind,
    status: record.status,
    done: isDone(record),
    ...(record.retryOf && { retryOf: record.retryOf }),
    system: { ...record.system, href: `/v1/systems/${record.system.name}` },
    ...(record.origin.batch && { batch: toMembership(record.origin.batch) }),
    tenant: record.tenant,
    revision: record.revision,
    attempt: record.attempt,
    maxAttempts: record.maxAttempts,
    ...(record.nextRetryAt && { nextRetryAt: toTime(record.nextRetryAt) }),
    progress: {
      step: record.step,
      percent: percentOf(record),
      message: record.message,
      services: record.services,
    },
    createdAt: toTime(record.createdAt),
    ...(record.startedAt && { startedAt: toTime(record.startedAt) }),
    ...(record.finishedAt && {
      finishedAt: toTime(record.finishedAt),
      keptUntil: toTime(record.finishedAt + retentionMs),
    }),
    timings: timingsAt(record, now),
    problems: record.problems,
    ...(record.status === 'succeeded' && { result: toJobResult(record) }),
    ...((record.status === 'failed' || record.status === 'canceled') &&
      record.error && { error: record.error }),
  }
}

/** Where the batch is, and which of its members this is. */
export function toMembership({ id, index, clientId }: Membership): JobBatch {
  return { id, index, href: `/v1/batches/${id}`, ...(clientId !== null && { clientId }) }
}

export function toJobResult(record: JobRecord): JobResult {
  return { endpoints: record.endpoints, containers: containersOf(record.endpoints), changes: record.changes }
}

/** The original's map: a service's first port is `port`, its further ones `port-1`, `port-2`. */
export function containersOf(endpoints: readonly Endpoint[]): Record<string, Record<string, number>> {
  const containers: Record<string, Record<string, number>> = {}
  for (const endpoint of endpoints) {
    const ports = containers[endpoint.service] ?? {}
    const count = Object.keys(ports).length
    ports[count === 0 ? 'port' : `port-${count}`] = endpoint.port
    containers[endpoint.service] = ports
  }
  return containers
}

/** By the step, and while it waits by the services that are ready. */
function percentOf(record: JobRecord): number {
  if (isDone(record)) return 100
  const reached = { queued: 0, compiling: 10, applying: 20, waiting: 30, done: 100 }[record.step]
  const states = Object.values(record.services)
  const ready = states.filter((state) => state.readiness === 'ready').length
  return ready === 0 ? reached : Math.max(reached, 30 + Math.floor((65 * ready) / states.length))
}

export function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
