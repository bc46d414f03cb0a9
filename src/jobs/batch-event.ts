// The event of a batch that has come to its end. Pure.
import { type Static, Type } from 'typebox'
import { type Batch, batchStatus } from './batch.ts'
import type { Outgoing } from './event.ts'
import { JobStatus } from './job.ts'
import { toTime } from './job-view.ts'

export const BatchCounts = Type.Object({
  total: Type.Integer(),
  queued: Type.Integer(),
  running: Type.Integer(),
  succeeded: Type.Integer(),
  failed: Type.Integer(),
  canceled: Type.Integer(),
})
export type BatchCounts = Static<typeof BatchCounts>

/** Data of `batch.completed`. */
export const BatchEventData = Type.Object({
  tenant: Type.String(),
  batch: Type.Object({
    id: Type.String(),
    href: Type.String(),
    name: Type.String(),
    status: JobStatus,
    round: Type.Integer({ description: 'Counts the ends of the batch: a retry begins another round' }),
    counts: BatchCounts,
  }),
})
export type BatchEventData = Static<typeof BatchEventData>

export function toBatchCounts({ total, counts }: Batch): BatchCounts {
  return { total, ...counts }
}

/** All its members are done. */
export function batchCompleted(batch: Batch, now: number): Outgoing {
  const { tenant, id, name, round, callback, trace } = batch
  const data: BatchEventData = {
    tenant,
    batch: {
      id,
      href: `/v1/batches/${id}`,
      name,
      status: batchStatus(batch),
      round,
      counts: toBatchCounts(batch),
    },
  }
  const isWanted = callback && (callback.events === null || callback.events.includes('batch.completed'))
  return {
    event: { type: 'batch.completed', timestamp: toTime(now), data },
    callback: isWanted ? callback : null,
    trace,
  }
}
