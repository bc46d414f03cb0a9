// What a transition means for the batch that a job or a system belongs to, as writes of the same transaction.
import type { JobRecord } from '../jobs/job.ts'
import type { Membership } from '../jobs/origin.ts'
import { isDone } from '../jobs/transitions.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import type { Transaction } from './commit.ts'
import type { Keys } from './keys.ts'

type Writes = Transaction['writes']

/** Whether a job decides where a member stands: its start, or a retry of it. */
export function countsFor(job: JobRecord): Membership | null {
  return job.kind === 'system.stop' ? null : job.origin.batch
}

/** `before` null: the job is new. */
export function writeMemberJob(
  keys: Keys,
  before: JobRecord | null,
  after: JobRecord,
  retentionMs: number,
): Writes {
  const { batch } = after.origin
  if (!batch) return []
  const active = (isDone(after) ? 0 : 1) - (before && !isDone(before) ? 1 : 0)
  if (after.kind === 'system.stop') return countOf(keys, batch.id, 'stopping', active, retentionMs)
  const { tenant, status, id } = after
  if (before?.status === status) return []
  return moveMember(
    keys,
    { tenant, batch: batch.id, index: batch.index },
    { status, job: id },
    active,
    retentionMs,
  )
}

export type MemberKey = { tenant: string; batch: string; index: number }

/** `active`: by how much the number of members changes that are let in and not done. */
export function moveMember(
  keys: Keys,
  { tenant, batch, index }: MemberKey,
  { status, job }: { status: JobRecord['status']; job: string },
  active: number,
  retentionMs: number,
): Writes {
  const now = `${Date.now()}`
  const place = [keys.openBatches, `${tenant}/${batch}`, keys.batchChangedNow, batch, `${retentionMs}`]
  return [
    {
      command: 'BATCHMOVE',
      key: keys.batch(batch),
      args: [`${index}`, status, job, `${active}`, now, ...place],
    },
  ]
}

/** Systems of a batch that begin and cease to be there. */
export function writeAlive(
  keys: Keys,
  before: SystemRecord | null,
  after: SystemRecord,
  retentionMs: number,
): Writes {
  const gone = aliveIn(before)
  const come = aliveIn(after)
  if (gone === come) return []
  return [
    ...(gone === null ? [] : countOf(keys, gone, 'alive', -1, retentionMs)),
    ...(come === null ? [] : countOf(keys, come, 'alive', 1, retentionMs)),
  ]
}

function aliveIn(system: SystemRecord | null): string | null {
  return system?.batch && !isEnded(system) ? system.batch.id : null
}

function countOf(
  keys: Keys,
  batch: string,
  field: 'alive' | 'stopping',
  change: number,
  retentionMs: number,
): Writes {
  if (change === 0) return []
  const args = [field, `${change}`, keys.batchChangedNow, batch, `${retentionMs}`]
  return [{ command: 'BATCHCOUNT', key: keys.batch(batch), args }]
}
