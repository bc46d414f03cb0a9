// What Tycho tells by itself: the payload of each event, as webhooks get it and streams show it.
import type { DeliveredType } from '../../../jobs/delivery.ts'
import { batch, item } from './batch.ts'
import { job, shownSystem } from './system.ts'
import { webhook } from './webhook.ts'

const { tenant } = job
const at = job.finishedAt

const ofSystem = (name: string, phase: string, more: object) => ({
  tenant,
  system: { name, sid: shownSystem.sid, phase, href: `/v1/systems/${name}` },
  ...more,
})

const endedJob = (kind: string, status: string, how: object) => ({
  job: { id: job.id, href: `/v1/jobs/${job.id}`, kind, status, ...how },
})

const nothingLeft = { endpoints: [], containers: {} }
const removed = job.result.changes.map(({ subject }) => ({ subject, action: 'deleted' }))
const updated = [{ subject: 'Deployment/hello-web', action: 'configured' }]

const failed = {
  code: 'IMAGE_PULL_FAILED',
  message: 'web: The registry does not have demo/hello:none',
  retryable: false,
  details: { service: 'web' },
}
const canceled = { code: 'CANCELED', message: 'Canceled', retryable: false, details: {} }

const ended = { ...batch, status: 'succeeded', counts: { ...batch.counts, running: 0, succeeded: 30 } }

const data: Readonly<Record<DeliveredType, object>> = {
  'system.started': ofSystem(
    'hello',
    'running',
    endedJob('system.start', 'succeeded', { result: job.result }),
  ),
  'system.updated': ofSystem(
    'hello',
    'running',
    endedJob('system.update', 'succeeded', { result: { ...job.result, changes: updated } }),
  ),
  'system.failed': ofSystem('hello', 'failed', endedJob('system.start', 'failed', { error: failed })),
  'system.degraded': ofSystem('hello', 'degraded', {
    reason: { code: 'CRASH_LOOP', message: 'web: The container ended again and again' },
  }),
  'system.stopped': ofSystem(
    'hello',
    'stopped',
    endedJob('system.stop', 'succeeded', { result: { ...nothingLeft, changes: removed } }),
  ),
  'system.expired': ofSystem(
    'hello',
    'stopped',
    endedJob('system.stop', 'succeeded', { result: { ...nothingLeft, changes: removed } }),
  ),
  'job.canceled': ofSystem('hello', 'stopped', endedJob('system.start', 'canceled', { error: canceled })),
  'batch.item.completed': ofSystem(item.name, 'running', {
    job: {
      id: item.job.id,
      href: item.job.href,
      kind: 'system.start',
      status: 'succeeded',
      result: job.result,
    },
    batch: { id: batch.id, index: item.index, clientId: item.clientId },
  }),
  'batch.completed': {
    tenant,
    batch: {
      id: batch.id,
      href: batch.href,
      name: batch.name,
      status: ended.status,
      round: ended.round,
      counts: ended.counts,
    },
  },
  'webhook.ping': { tenant, webhook: { id: webhook.id, href: `/v1/webhooks/${webhook.id}` } },
}

/** `{ type, timestamp, data }` of Standard Webhooks. */
export function eventExample(type: DeliveredType): { type: DeliveredType; timestamp: string; data: object } {
  return { type, timestamp: at, data: data[type] }
}
