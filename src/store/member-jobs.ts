// The job of a member that was not let in yet: its record is made only then, but it can be read before.
import type { Redis } from 'ioredis'
import { acceptStart, type Work } from '../jobs/accept.ts'
import {
  type BatchRecord,
  CANCELED_BEFORE_START,
  type Member,
  type MemberState,
  memberJobId,
  memberSid,
  namespaceOf,
  parseMemberJobId,
} from '../jobs/batch.ts'
import type { JobRecord, JobStatus } from '../jobs/job.ts'
import { finish } from '../jobs/transitions.ts'
import { emptySystem } from '../system/empty.ts'
import { toLifetime } from '../system/system.ts'
import type { Keys } from './keys.ts'

/** Members are packed in chunks of so many. */
export const CHUNK = 200

/** `at`: when it came to this, in milliseconds since the epoch; 0: it never changed. */
export type StoredState = MemberState & { at: number }

export function parseState(batch: string, index: number, text: string | null | undefined): StoredState {
  if (!text) return { status: 'queued', job: memberJobId(batch, index), at: 0 }
  const [status = 'queued', job = '', at = '0'] = text.split(' ')
  return { status: status as JobStatus, job, at: Number(at) }
}

/** What a chunk holds at the places of its members; null where an item was left out. */
export type Chunk = (Omit<Member, 'index'> | null)[]

export function memberOf(chunk: Chunk, index: number): Member | null {
  const found = chunk[index % CHUNK]
  return found ? { ...found, index } : null
}

/** The work of a member as it is before it is let in; `job` is its id then. */
export function waitingWork(batch: BatchRecord, member: Member, job: string, retryOf: string | null): Work {
  const { tenant, createdAt } = batch
  const namespace = namespaceOf(batch, member.index)
  const { exposure, labels, ttlMs, timeoutMs, maxAttempts, keepOnFailure } = batch.member
  const work = acceptStart(
    {
      job,
      identity: { tenant, namespace, name: member.name, sid: memberSid(job) },
      spec: emptySystem(),
      specKey: '',
      source: null,
      exposure,
      objectNames: member.objectNames,
      problems: [],
      labels: { ...labels, ...member.labels },
      principal: null,
      lifetime: toLifetime(ttlMs, createdAt),
      timeoutMs,
      maxAttempts,
      keepOnFailure,
      rollback: false,
      ...(retryOf !== null && { retryOf }),
      origin: originOf(batch, member),
    },
    createdAt,
  )
  return { ...work, job: { ...work.job, task: null, message: 'waits for its turn in the batch' } }
}

/** Of the events of a member its batch's callback gets those that were asked for by name. */
export function originOf(
  batch: BatchRecord,
  { index, clientId }: Pick<Member, 'index' | 'clientId'>,
): JobRecord['origin'] {
  const { callback, trace, id } = batch
  return {
    priority: 'batch',
    batch: { id, index, clientId },
    callback: callback?.events ? callback : null,
    idempotencyKey: null,
    trace,
  }
}

/** A member that is canceled before it was let in: nothing was made of it. */
export function canceledWork(work: Work, at: number): Work {
  const job = { ...finish(work.job, 'canceled', at), revision: work.job.revision + 1 }
  const error = CANCELED_BEFORE_START
  return {
    job: { ...job, error, message: error.message },
    system: { ...work.system, phase: 'stopped', objectNames: [] },
  }
}

/** Null where the id is no member's, or that of one which was let in: then its record tells of it, or it is forgotten. */
export function createReadWaiting(redis: Redis, keys: Keys): (id: string) => Promise<Work | null> {
  return async (id) => {
    const of = parseMemberJobId(id)
    if (!of) return null
    const [record, state, chunk, seed] = await Promise.all([
      redis.hget(keys.batch(of.batch), 'record'),
      redis.hget(keys.batchStates(of.batch), `${of.index}`),
      redis.hget(keys.batchItems(of.batch), `${Math.floor(of.index / CHUNK)}`),
      redis.hget(keys.batch(of.batch), `retryOf:${of.index}`),
    ])
    const member = chunk === null ? null : memberOf(JSON.parse(chunk) as Chunk, of.index)
    const { status, job, at } = parseState(of.batch, of.index, state)
    if (record === null || !member || job !== id) return null
    const work = waitingWork(JSON.parse(record) as BatchRecord, member, id, of.round > 1 ? seed : null)
    if (status === 'queued') return work
    return status === 'canceled' ? canceledWork(work, at) : null
  }
}
