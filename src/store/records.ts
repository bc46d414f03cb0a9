// Job and system records as hashes: the revision beside the record, and the indexes that follow from it.
import { nextDeadline } from '../jobs/deadlines.ts'
import type { JobRecord } from '../jobs/job.ts'
import { isDone } from '../jobs/transitions.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import { writeAlive, writeMemberJob } from './batch-writes.ts'
import type { Transaction } from './commit.ts'
import { headFields } from './heads.ts'
import type { Keys } from './keys.ts'
import { keepRequestKey } from './request-keys.ts'
import { countJob, countSystem } from './room.ts'

/** Writes a job as it should be after `before` (null: it is new), guarded by the revision that was read. */
export function writeJob(
  keys: Keys,
  before: JobRecord | null,
  after: JobRecord,
  retentionMs: number,
): Transaction {
  const key = keys.job(after.id)
  const writes = [
    { command: 'HSET', key, args: [...headFields(after), 'record', JSON.stringify(after)] },
    ...jobIndexes(keys, before, after),
    ...countJob(keys, before, after),
    ...writeMemberJob(keys, before, after, retentionMs),
    { command: 'PUBLISH', key: null, args: [keys.jobChanged, after.id] },
  ]
  if (before === null) writes.push({ command: 'ZADD', key: keys.jobsOf(after.tenant), args: ['0', after.id] })
  if (interrupts(before, after)) {
    writes.push({ command: 'PUBLISH', key: null, args: [keys.jobInterrupted, after.id] })
  }
  if (isDone(after)) writes.push(...keptFor(key, after, retentionMs))
  const expected = before === null ? null : `${before.revision}`
  return { guards: [{ key, field: 'revision', expected }], writes }
}

/** A job is forgotten some time after its end, and with it the `Idempotency-Key` that made it. */
function keptFor(key: string, { origin }: JobRecord, retentionMs: number): Transaction['writes'] {
  const requestKey = origin.idempotencyKey === null ? [] : keepRequestKey(origin.idempotencyKey, retentionMs)
  return [{ command: 'PEXPIRE', key, args: [`${retentionMs}`] }, ...requestKey]
}

/** Whether a worker that holds a task may have to be told. */
function interrupts(before: JobRecord | null, after: JobRecord): boolean {
  return before?.task?.held === true && (after.cancelAsked || after.ending !== null || isDone(after))
}

/** What is new stands in no index yet. */
function jobIndexes(keys: Keys, before: JobRecord | null, job: JobRecord): Transaction['writes'] {
  const { sid } = job.system
  const deadlineAt = nextDeadline(job)
  const at = (key: string, time: number | null) => {
    if (time !== null) return [{ command: 'ZADD', key, args: [`${time}`, job.id] }]
    return before === null ? [] : [{ command: 'ZREM', key, args: [job.id] }]
  }
  const writes: Transaction['writes'] = [
    ...at(keys.expected, job.task?.since ?? null),
    ...at(keys.deadlines, isDone(job) ? null : deadlineAt),
  ]
  if (job.waitingFor) {
    writes.push({ command: 'HSET', key: keys.waiting, args: [sid, job.id] })
    writes.push({ command: 'PUBLISH', key: null, args: [keys.jobWaits, sid] })
  }
  return writes
}

/** The waiting entry of a job that waits no more; only where it did, so that a newer job's entry stays. */
export function clearWaiting(keys: Keys, before: JobRecord | null, after: JobRecord): Transaction {
  const cleared = before?.waitingFor && !after.waitingFor
  return {
    guards: [],
    writes: cleared ? [{ command: 'HDEL', key: keys.waiting, args: [after.system.sid] }] : [],
  }
}

/** Writes a system as it should be after `before` (null: there was none), with the names that it holds. */
export function writeSystem(
  keys: Keys,
  before: SystemRecord | null,
  after: SystemRecord,
  retentionMs: number,
  /** Whether its names are held already, by the batch that it is a member of. */
  isReserved = false,
): Transaction {
  const key = keys.system(after.tenant, after.name)
  const expected = before === null ? null : `${before.revision}`
  const writes: Transaction['writes'] = [
    { command: 'HSET', key, args: ['revision', `${after.revision}`, 'record', JSON.stringify(after)] },
    { command: 'ZADD', key: keys.systemsOf(after.tenant), args: ['0', after.name] },
    ...keptUntil(key, before, after, retentionMs),
    ...sidIndex(keys, after, retentionMs),
    ...expiryIndex(keys, before, after),
    ...countSystem(keys, before, after),
    ...writeAlive(keys, before, after, retentionMs),
  ]
  const names = heldNames(keys, before, after, isReserved)
  writes.push({ command: 'PUBLISH', key: null, args: [keys.systemChanged, holderOf(after)] })
  return {
    guards: [{ key, field: 'revision', expected }, ...names.guards],
    writes: [...writes, ...names.writes],
  }
}

function keptUntil(
  key: string,
  before: SystemRecord | null,
  after: SystemRecord,
  retentionMs: number,
): Transaction['writes'] {
  if (isEnded(after)) return [{ command: 'PEXPIRE', key, args: [`${retentionMs}`] }]
  return before === null ? [] : [{ command: 'PERSIST', key, args: [] }]
}

function expiryIndex(keys: Keys, before: SystemRecord | null, after: SystemRecord): Transaction['writes'] {
  const key = keys.expiries
  const holder = holderOf(after)
  if (after.lifetime && !isEnded(after))
    return [{ command: 'ZADD', key, args: [`${after.lifetime.expiresAt}`, holder] }]
  return before?.lifetime ? [{ command: 'ZREM', key, args: [holder] }] : []
}

/** A sid is looked up by the observer; an ended one is remembered, so that what still appears of it is removed. */
function sidIndex(keys: Keys, system: SystemRecord, retentionMs: number): Transaction['writes'] {
  if (!isEnded(system)) return [{ command: 'HSET', key: keys.sids, args: [system.sid, holderOf(system)] }]
  const until = `${system.updatedAt + retentionMs}`
  return [
    { command: 'HDEL', key: keys.sids, args: [system.sid] },
    { command: 'ZADD', key: keys.endedSids, args: [until, system.sid] },
  ]
}

/** Whose system, and which. */
export type Holder = { tenant: string; name: string }

export function holderOf(system: Holder): string {
  return `${system.tenant}/${system.name}`
}

/** Reserves the names that are new and frees those that are not held any more. */
function heldNames(
  keys: Keys,
  before: SystemRecord | null,
  after: SystemRecord,
  isReserved: boolean,
): Transaction {
  const key = keys.names(after.namespace)
  const held = new Set(before && before.sid === after.sid ? before.objectNames : [])
  const wanted = new Set(after.objectNames)
  const added = [...wanted].filter((name) => !held.has(name))
  const freed = [...held].filter((name) => !wanted.has(name))
  const expected = isReserved ? holderOf(after) : null
  const writes = []
  if (added.length > 0) {
    writes.push({ command: 'HSET', key, args: added.flatMap((name) => [name, holderOf(after)]) })
  }
  if (freed.length > 0) writes.push({ command: 'HDEL', key, args: freed })
  return { guards: added.map((name) => ({ key, field: name, expected })), writes }
}
