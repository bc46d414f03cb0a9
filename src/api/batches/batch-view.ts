// A batch and its members as the contract shows them.
import {
  type Batch,
  batchStatus,
  CANCELED_BEFORE_START,
  isBatchDone,
  memberToken,
  withToken,
} from '../../jobs/batch.ts'
import { toBatchCounts } from '../../jobs/batch-event.ts'
import type { JobRecord } from '../../jobs/job.ts'
import { toTime } from '../../jobs/job-view.ts'
import type { Share } from '../../jobs/spread.ts'
import type { StandingMember } from '../../store/batches.ts'
import { isEnded, type SystemRecord } from '../../system/system.ts'
import type { BatchItem, Batch as ShownBatch, Share as ShownShare } from '../schemas/batch.ts'

export function toShownBatch(batch: Batch): ShownBatch {
  const { id, name, tenant, revision, skipped, round, concurrency, total, counts, createdAt, finishedAt } =
    batch
  const done = counts.succeeded + counts.failed + counts.canceled
  const isStopped = batch.wish === 'stop' || batch.wish === 'stopWithVolumes'
  return {
    id,
    href: `/v1/batches/${id}`,
    name,
    tenant,
    status: batchStatus(batch),
    done: isBatchDone(batch),
    revision,
    counts: toBatchCounts(batch),
    skipped,
    round,
    concurrency,
    exposure: batch.member.exposure,
    spread: batch.spread.map(toShownShare),
    problems: batch.problems,
    progress: { percent: Math.floor((100 * done) / total), message: messageOf(batch, done) },
    startedPerSecond: startedPerSecond(batch),
    ...(isStopped && { removal: { remaining: batch.toStop + batch.stopping } }),
    createdAt: toTime(createdAt),
    ...(finishedAt !== null && { finishedAt: toTime(finishedAt) }),
  }
}

export function toShownShare({ namespace, members, bounds }: Share): ShownShare {
  return {
    namespace,
    members,
    bounds: bounds.map(({ quota, ...bound }) => ({ ...bound, ...(quota !== null && { quota }) })),
  }
}

/** Whether nothing more happens to it by itself. */
export function isAtRest(batch: Batch): boolean {
  return isBatchDone(batch) && batch.toStop + batch.stopping === 0
}

function messageOf(batch: Batch, done: number): string {
  const { total, counts, toStop, stopping } = batch
  if (toStop + stopping > 0) return `${toStop + stopping} systems are still to be stopped`
  if (!isBatchDone(batch)) return `${done} of ${total} are done, ${counts.running} are starting`
  return `${counts.succeeded} of ${total} have started`
}

function startedPerSecond({ counts, createdAt, lastStartedAt }: Batch): number {
  if (lastStartedAt === null) return 0
  const seconds = Math.max(0.001, (lastStartedAt - createdAt) / 1000)
  return Math.round((100 * counts.succeeded) / seconds) / 100
}

/** `job` and `system`: their records, where there are any yet. */
export function toBatchItem(
  batch: Batch,
  member: StandingMember,
  job: JobRecord | null,
  system: SystemRecord | null,
): BatchItem {
  const { index, name, clientId, state } = member
  const own = system?.batch?.id === batch.id && system.batch.index === index ? system : null
  const endpoints = own && !isEnded(own) ? own.endpoints : []
  const url = endpoints.find((endpoint) => endpoint.url !== null)?.url ?? null
  const hasFailed = state.status === 'failed' || state.status === 'canceled'
  const error = hasFailed ? (job?.error ?? CANCELED_BEFORE_START) : null
  return {
    index,
    name,
    ...(clientId !== null && { clientId }),
    status: state.status,
    system: { name, href: `/v1/systems/${name}`, ...(own && { sid: own.sid, phase: own.phase }) },
    job: { id: state.job, href: `/v1/jobs/${state.job}` },
    endpoints,
    ...(url !== null && { url: batch.usesToken ? withToken(url, memberToken(batch, index)) : url }),
    ...(error && { error }),
  }
}
