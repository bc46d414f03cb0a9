// A system record as the contract shows it.
import type { JobRecord } from '../jobs/job.ts'
import { toTime } from '../jobs/job-view.ts'
import type { Readiness, Reason } from '../system/readiness.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import type { System } from './schemas/system.ts'

/** `job` is the newest job on the system; it tells the reason where no service does. */
export function toSystem(record: SystemRecord, job: JobRecord | null): System {
  const readiness = readinessOf(record)
  const reason = differenceReason(record) ?? (readiness === 'ready' ? undefined : reasonOf(record, job))
  return {
    name: record.name,
    sid: record.sid,
    tenant: record.tenant,
    phase: record.phase,
    readiness,
    ...(reason && { reason }),
    ...(record.differences.length > 0 && { differences: record.differences }),
    exposure: record.exposure,
    endpoints: record.endpoints,
    services: record.services,
    labels: record.labels,
    job: { id: record.job, href: `/v1/jobs/${record.job}` },
    ...(record.lifetime && { expiresAt: toTime(record.lifetime.expiresAt) }),
    createdAt: toTime(record.createdAt),
    updatedAt: toTime(record.updatedAt),
  }
}

/** Whether the reason of a system has to be looked for in its job. */
export function needsJob(record: SystemRecord): boolean {
  return readinessOf(record) !== 'ready' && !serviceReason(record)
}

/** As ready as the least of its services. */
export function readinessOf(record: SystemRecord): Readiness {
  if (isEnded(record)) return record.phase === 'failed' ? 'failed' : 'absent'
  if (record.phase === 'stopping') return 'terminating'
  if (record.phase === 'failed') return 'failed'
  if (record.phase === 'suspended') return 'absent'
  const states = Object.values(record.services).map((service) => service.readiness)
  if (states.every((state) => state === 'ready')) return 'ready'
  return states.includes('failed') ? 'failed' : 'pending'
}

function reasonOf(record: SystemRecord, job: JobRecord | null): Reason | undefined {
  return serviceReason(record) ?? (job ? jobReason(job) : undefined)
}

function differenceReason({ differences }: SystemRecord): Reason | undefined {
  const [first] = differences
  if (!first) return undefined
  const more = differences.length > 1 ? ` (and ${differences.length - 1} more)` : ''
  return {
    code: 'CHANGED_OUTSIDE',
    message: `${first.subject} ${first.message}${more}; PUT it again to repair it`,
  }
}

function serviceReason(record: SystemRecord): Reason | undefined {
  const unready = Object.entries(record.services).filter(([, service]) => service.readiness !== 'ready')
  const [name, service] =
    unready.find(([, one]) => one.readiness === 'failed') ?? unready.find(([, one]) => one.reason) ?? []
  return service?.reason && { code: service.reason.code, message: `${name}: ${service.reason.message}` }
}

function jobReason(job: JobRecord): Reason {
  if (job.error) return { code: job.error.code, message: job.error.message }
  if (job.cause === 'expiry') return { code: 'EXPIRED', message: job.message }
  return { code: job.step.toUpperCase(), message: job.message }
}
