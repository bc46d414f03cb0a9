// Jobs and their systems: read together, changed together, by compare-and-set.
import type { Redis } from 'ioredis'
import type { Work } from '../jobs/accept.ts'
import { eventsOf, eventsOfSystem } from '../jobs/event.ts'
import type { JobRecord } from '../jobs/job.ts'
import { revised, revisedJob, succeeding } from '../jobs/revised.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import type { Commit, Guard, Transaction } from './commit.ts'
import type { Content } from './contents.ts'
import { createReadHead, type JobHead } from './heads.ts'
import type { Keys } from './keys.ts'
import { createKnownContents } from './known-contents.ts'
import { guardLease, type Lease, LeaseLost } from './leases.ts'
import { createReadWaiting } from './member-jobs.ts'
import { clearWaiting, writeJob, writeSystem } from './records.ts'
import { isRequestKey, type RequestKey, writeRequestKey } from './request-keys.ts'
import { type Full, fullBy, guardRoom, type Room, type Wanted } from './room.ts'
import { writeEvents } from './write-events.ts'

/** How long a done job and an ended system are kept, in milliseconds. */
export type Retention = { retentionMs: number }

/** Who looks on while records are written. */
export type Watching = {
  /** Told of each job that was written, once; `before` is null where it is new. */
  onTransition?: (before: JobRecord | null, after: JobRecord) => void
  /** W3C `traceparent` of what is being done here, which a new job belongs to; null: of nothing known. */
  traceNow?: () => string | null
}

/**
 * `repeated`: another request with the same Idempotency-Key was accepted meanwhile. `taken`: an object name is held by
 * another system. `full`: the tenant, or everybody together, has as much as it may have. `stale`: the system changed since it was read; read and try again.
 */
export type Accepted =
  | { outcome: 'accepted'; work: Work }
  | { outcome: 'repeated' }
  | { outcome: 'taken'; objectName: string; holder: string }
  | { outcome: 'full'; full: Full }
  | { outcome: 'stale' }

/** The state that a request was decided on, and what it makes of it. */
export type Acceptance = {
  work: Work
  /** The system's record as it was read; null when there was none. */
  before: SystemRecord | null
  /** The job that this one supersedes, before and after. */
  superseded: { before: JobRecord; after: JobRecord } | null
  /** Of the request, where it has an Idempotency-Key: the job carries its name on. */
  requestKey?: RequestKey | null
  /** What it is held against; null or left out: nothing. */
  room?: Room | null
  /** The member of a batch that is let in by this. `isReserved`: the batch holds its names. */
  letsIn?: { batch: string; index: number; isReserved: boolean }
  /** What the records refer to, unless it is stored already. */
  contents?: readonly Content[]
}

/** Under which lease a change is to be written, and what is changed as far as it is known. */
export type Changing = { lease?: Lease | null; known?: Work | null }

export type Works = ReturnType<typeof createWorks>

const attempts = 20

export function createWorks(redis: Redis, keys: Keys, commit: Commit, options: Retention & Watching) {
  const { onTransition = () => {}, traceNow = () => null } = options
  const readRecord = async <T>(key: string): Promise<T | null> => {
    const text = await redis.hget(key, 'record')
    return text === null ? null : (JSON.parse(text) as T)
  }
  const readWaiting = createReadWaiting(redis, keys)
  /** That of a member which waits for its turn can be read too. */
  const job = async (id: string) =>
    (await readRecord<JobRecord>(keys.job(id))) ?? (await readWaiting(id))?.job ?? null
  const system = (tenant: string, name: string) => readRecord<SystemRecord>(keys.system(tenant, name))

  const readHead = createReadHead(redis, keys)
  /** Enough of a job to tell whether it has changed: a poll that finds nothing new reads no more. */
  const head = async (id: string): Promise<JobHead | null> => {
    return (await readHead(id)) ?? job(id)
  }

  const read = async (id: string): Promise<Work | null> => {
    const found = await job(id)
    if (!found) return null
    const of = await system(found.tenant, found.system.name)
    return of && { job: found, system: of }
  }

  const known = createKnownContents(keys)
  /** Writes the first records of a request; nothing is written unless all of it can be. */
  const accept = async (acceptance: Acceptance): Promise<Accepted> => {
    const { before, superseded, contents = [], requestKey = null, room = null, letsIn } = acceptance
    const work = traced(succeeding(carryingKey(acceptance.work, requestKey), before), traceNow())
    const done = await commit(
      join(
        requestKey ? writeRequestKey(requestKey, work.job.id) : nothing,
        writeSystem(keys, before, work.system, options.retentionMs, letsIn?.isReserved),
        writeTurn(keys, before, work.system, letsIn),
        superseded ? supersede(superseded, work.system) : nothing,
        room ? guardRoom(keys, work.job.tenant, room, wantedBy(acceptance)) : nothing,
        writeJob(keys, null, work.job, options.retentionMs),
        ...known.write(contents),
        { guards: [], writes: [{ command: 'SADD', key: keys.tenants, args: [work.job.tenant] }] },
      ),
    )
    if (done.ok) {
      known.learn(contents)
      onTransition(null, work.job)
      if (superseded) onTransition(superseded.before, superseded.after)
      return { outcome: 'accepted', work }
    }
    if (known.forget(done.failed, contents)) return accept(acceptance)
    if (isRequestKey(requestKey, done.failed)) return { outcome: 'repeated' }
    const full = room && fullBy(keys, work.job.tenant, room, done.failed, done.actual)
    if (full) return { outcome: 'full', full }
    const { tenant, name, namespace } = work.system
    const { failed } = done
    if (failed.key === keys.reserved(tenant) && !letsIn) {
      return { outcome: 'taken', objectName: name, holder: `${tenant}/${name}` }
    }
    if (!('field' in failed) || failed.key !== keys.names(namespace)) return { outcome: 'stale' }
    return { outcome: 'taken', objectName: failed.field, holder: `${done.actual ?? ''}` }
  }

  const changeJob = (before: JobRecord, after: JobRecord) =>
    join(writeJob(keys, before, after, options.retentionMs), clearWaiting(keys, before, after))

  const supersede = ({ before, after }: NonNullable<Acceptance['superseded']>, system: SystemRecord) => {
    const ended = { system, job: revisedJob(before, after) }
    const events = eventsOf({ system, job: before }, ended, Date.now())
    return join(changeJob(before, ended.job), writeEvents(keys, events))
  }

  const write = async (before: Work, after: Work, lease: Lease | null): Promise<Work | null> => {
    const { job, system, ownsSystem } = revised(before, after)
    const rest = ownsSystem ? writeSystem(keys, before.system, system, options.retentionMs) : nothing
    const events = writeEvents(keys, eventsOf(before, { job, system }, Date.now()))
    const done = await commit(join(guardLease(keys, lease), changeJob(before.job, job), rest, events))
    if (!done.ok) return stale(done.failed)
    onTransition(before.job, job)
    return { job, system }
  }

  /**
   * Reads a job and its system, lets `decide` say what becomes of them, and writes that unless somebody else was
   * faster: then it starts again. Null: there is no such job, or `decide` had nothing to write. Throws LeaseLost where it
   * is to be written under a lease and another holds that. `known`: as they were when they were last seen; where they are
   * so still, they are not read again.
   */
  const change = async (
    id: string,
    decide: (work: Work) => Work | null,
    { lease = null, known = null }: Changing = {},
  ): Promise<Work | null> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const isKnown = attempt === 0 && known !== null
      const before = isKnown ? known : await read(id)
      const after = before && decide(before)
      if (isKnown && !after && (await head(id))?.revision === known.job.revision) return null
      if (isKnown && !after) continue
      if (!before || !after) return null
      const written = await write(before, after, lease)
      if (written) return written
    }
    throw new Error(`job ${id} changed ${attempts} times while it was being written`)
  }

  /** The same for a system on which no job works. */
  const changeSystem = async (
    tenant: string,
    name: string,
    decide: (system: SystemRecord) => SystemRecord | null,
    lease: Lease | null = null,
  ): Promise<void> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await system(tenant, name)
      const after = before && decide(before)
      if (!before || !after) return
      const next = { ...after, revision: before.revision + 1 }
      const written = writeSystem(keys, before, next, options.retentionMs)
      const events = writeEvents(keys, eventsOfSystem(before, next, Date.now()))
      const done = await commit(join(guardLease(keys, lease), written, events))
      if (done.ok) return
      stale(done.failed)
    }
  }

  /**
   * Writes a system that was found running, and that no record told of. False: its name, or that of one of its objects,
   * is held by another.
   */
  const adopt = async (found: SystemRecord): Promise<boolean> => {
    const before = await system(found.tenant, found.name)
    if (before && !isEnded(before)) return false
    const revision = Math.max(found.revision, (before?.revision ?? 0) + 1)
    const written = await commit(
      join(writeSystem(keys, before, { ...found, revision }, options.retentionMs), {
        guards: [],
        writes: [
          { command: 'SADD', key: keys.tenants, args: [found.tenant] },
          { command: 'PUBLISH', key: null, args: [keys.jobWaits, found.sid] },
        ],
      }),
    )
    return written.ok
  }

  return { job, head, system, read, readWaiting, accept, adopt, change, changeSystem }
}

/** Read and decide again; unless the lease is lost. */
function stale(failed: Guard): null {
  if ('value' in failed) throw new LeaseLost(`${failed.key} is not held by ${failed.value}`)
  return null
}

function carryingKey({ system, job }: Work, key: RequestKey | null): Work {
  if (key === null) return { system, job }
  return { system, job: { ...job, origin: { ...job.origin, idempotencyKey: key.name } } }
}

function traced(work: Work, trace: string | null): Work {
  if (trace === null) return work
  const { job } = work
  return { ...work, job: { ...job, origin: { ...job.origin, trace } } }
}

/** A change of a system that is there makes none more, and a job that takes another's place no job more. */
function wantedBy({ before, superseded }: Acceptance): Wanted {
  return { systems: before && !isEnded(before) ? 0 : 1, jobs: superseded ? 0 : 1 }
}

/** A name that a batch holds for a member which waits is nobody else's. */
function writeTurn(
  keys: Keys,
  before: SystemRecord | null,
  { tenant, name, sid }: SystemRecord,
  letsIn: Acceptance['letsIn'],
): Transaction {
  const key = keys.reserved(tenant)
  const isNew = before?.sid !== sid
  if (!letsIn) return { guards: isNew ? [{ key, field: name, expected: null }] : [], writes: [] }
  const { batch, index, isReserved } = letsIn
  const expected = isReserved ? `${batch}-${index}` : null
  const freed = isReserved ? [{ command: 'HDEL', key, args: [name] }] : []
  // A batch that is canceled or stopped lets nobody in.
  const wish = { key: keys.batch(batch), field: 'wish', expected: 'none' }
  const turn = { command: 'ZREM', key: keys.batchWaiting(batch), args: [`${index}`] }
  const ofName = isNew ? [{ key, field: name, expected }] : []
  return { guards: [wish, ...ofName], writes: [...freed, turn] }
}

const nothing: Transaction = { guards: [], writes: [] }

function join(...parts: Transaction[]): Transaction {
  return { guards: parts.flatMap((part) => part.guards), writes: parts.flatMap((part) => part.writes) }
}
