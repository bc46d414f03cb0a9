// Batches: accepted as one, then counted by the transitions of their members.
import type { Redis } from 'ioredis'
import type { Work } from '../jobs/accept.ts'
import {
  type Batch,
  type BatchRecord,
  type BatchWish,
  type Member,
  memberJobId,
  namespaceOf,
  parseMemberJobId,
} from '../jobs/batch.ts'
import { eventsOf, type Outgoing } from '../jobs/event.ts'
import type { JobRecord } from '../jobs/job.ts'
import type { SystemRecord } from '../system/system.ts'
import { type AcceptBatch, createAcceptBatch } from './accept-batch.ts'
import { moveMember } from './batch-writes.ts'
import type { Commit, Transaction } from './commit.ts'
import type { Keys } from './keys.ts'
import type { Page } from './lists.ts'
import {
  CHUNK,
  type Chunk,
  canceledWork,
  memberOf,
  parseState,
  type StoredState,
  waitingWork,
} from './member-jobs.ts'
import { holderOf, writeJob } from './records.ts'
import { releaseRoom, reserveRoom } from './room.ts'
import { writeEvents } from './write-events.ts'

export type { AcceptBatch, AcceptedBatch } from './accept-batch.ts'

/** A member and where it stands. */
export type StandingMember = Member & { state: StoredState }

export type MemberRecords = { member: StandingMember; job: JobRecord | null; system: SystemRecord | null }

export type Batches = {
  accept: AcceptBatch
  /** Null where there is none, or it is kept no longer. */
  read(id: string): Promise<Batch | null>
  /** Of a tenant, newest first. */
  list(tenant: string, after: string | null, size: number): Promise<Page<Batch>>
  /** Batches of which something is still to be done. */
  open(): Promise<{ tenant: string; id: string }[]>
  /** Those of the indexes that are members, in the order asked for. */
  members(id: string, indexes: readonly number[]): Promise<StandingMember[]>
  /** Members after an index, in order; `next` is the last index that was looked at, null at the end. */
  page(
    batch: BatchRecord,
    after: number,
    size: number,
  ): Promise<{ items: StandingMember[]; next: number | null }>
  /** Items of the request that were left out, as they were told. */
  skipped<T>(id: string): Promise<T[]>
  /** The newest jobs of members, and the systems of their names; null where there is no record. */
  records(batch: Batch, members: readonly StandingMember[]): Promise<MemberRecords[]>
  /** The member of any batch that waits, and will have this name. */
  waitingAs(tenant: string, name: string): Promise<{ batch: Batch; member: StandingMember } | null>
  /** The index of the member with this client id. */
  byClient(id: string, clientId: string): Promise<number | null>
  /** Indexes of members that changed after a revision, in that order, and the revision of the last. */
  changedSince(id: string, revision: number, count: number): Promise<{ index: number; revision: number }[]>
  /** Members that wait for their turn, in order. */
  waiting(id: string, count: number): Promise<number[]>
  /** Members whose systems are still to be stopped, in order. */
  toStop(id: string, count: number): Promise<number[]>
  /** Jobs of members besides the first of each, newest first. */
  laterJobs(id: string, after: string | null, size: number): Promise<string[]>
  /** Ends members that wait, as canceled; those that were let in meanwhile are left alone. */
  cancelWaiting(batch: Batch, members: readonly StandingMember[]): Promise<void>
  /** Ends a member that can't be let in, by a job that is done. */
  endWaiting(batch: Batch, member: StandingMember, work: Work): Promise<boolean>
  /** Lets failed members wait for another turn; answers how many. */
  retry(batch: Batch, members: readonly StandingMember[]): Promise<number>
  wish(batch: Batch, wish: BatchWish, stops?: readonly number[]): Promise<void>
  /** What was asked of the whole was done, unless something else is asked by now. */
  fulfil(batch: Batch): Promise<void>
  /** Of a batch that is kept no longer. */
  forget(tenant: string, id: string): Promise<void>
  /** The system of a member is being stopped, or there is none. */
  stopped(batch: Batch, index: number): Promise<void>
  /** Its members are done; false when something changed since it was read. */
  end(batch: Batch, events: readonly Outgoing[]): Promise<boolean>
  /** Nothing is left to do; false when something changed since it was read. */
  close(batch: Batch): Promise<boolean>
}

/** Of some 200 members each. */
const mostChunks = 16

export function createBatches(redis: Redis, keys: Keys, commit: Commit, retentionMs: number): Batches {
  const read: Batches['read'] = async (id) => toBatch(await redis.hgetall(keys.batch(id)), await stopsOf(id))
  const stopsOf = (id: string) => redis.zcard(keys.batchStops(id))

  /** What is asked of a batch never changes: the chunks read last are at hand, for who goes through the members. */
  const chunks = new Map<string, Chunk>()
  const chunk = async (id: string, number: number): Promise<Chunk> => {
    const known = chunks.get(`${id} ${number}`)
    if (known) return known
    const text = await redis.hget(keys.batchItems(id), `${number}`)
    if (text === null) return []
    if (chunks.size >= mostChunks) chunks.clear()
    const read = JSON.parse(text) as Chunk
    chunks.set(`${id} ${number}`, read)
    return read
  }

  const withStates = async (id: string, members: readonly Member[]): Promise<StandingMember[]> => {
    if (members.length === 0) return []
    const states = await redis.hmget(keys.batchStates(id), ...members.map(({ index }) => `${index}`))
    return members.map((member, at) => ({ ...member, state: parseState(id, member.index, states[at]) }))
  }

  const members: Batches['members'] = async (id, indexes) => {
    const chunks = new Map<number, Chunk>()
    for (const number of new Set(indexes.map((index) => Math.floor(index / CHUNK)))) {
      chunks.set(number, await chunk(id, number))
    }
    const found = indexes.flatMap(
      (index) => memberOf(chunks.get(Math.floor(index / CHUNK)) ?? [], index) ?? [],
    )
    return withStates(id, found)
  }

  const page: Batches['page'] = async ({ id, items }, after, size) => {
    const last = items - 1
    const found: Member[] = []
    let index = after + 1
    for (; index <= last && found.length < size; ) {
      const packed = await chunk(id, Math.floor(index / CHUNK))
      const end = Math.min(last + 1, (Math.floor(index / CHUNK) + 1) * CHUNK)
      for (; index < end && found.length < size; index += 1) {
        const member = memberOf(packed, index)
        if (member) found.push(member)
      }
    }
    return { items: await withStates(id, found), next: index > last ? null : index - 1 }
  }

  const indexes = async (key: string, count: number) =>
    (await redis.zrange(key, '0', `${count - 1}`)).map(Number)

  const list: Batches['list'] = async (tenant, after, size) => {
    const index = keys.batchesOf(tenant)
    const ids = await redis.zrange(
      index,
      after === null ? '+' : `(${after}`,
      '-',
      'BYLEX',
      'REV',
      'LIMIT',
      0,
      size + 1,
    )
    const wanted = ids.slice(0, size)
    const found = await Promise.all(wanted.map(read))
    const gone = wanted.filter((_, at) => found[at] === null)
    if (gone.length > 0) await redis.zrem(index, ...gone)
    return {
      items: found.flatMap((one) => one ?? []),
      next: ids.length > size ? (wanted.at(-1) ?? null) : null,
    }
  }

  const cancelWaiting: Batches['cancelWaiting'] = async (batch, waiting) => {
    const all = join(waiting.map((member) => cancelOf(keys, batch, member, retentionMs)))
    if ((await commit(all)).ok || waiting.length <= 1) return
    // One of them was let in meanwhile.
    for (const member of waiting) await commit(cancelOf(keys, batch, member, retentionMs))
  }

  return {
    accept: createAcceptBatch(redis, keys),
    read,
    list,
    members,
    page,
    cancelWaiting,
    async open() {
      const holders = await redis.zrange(keys.openBatches, '0', '-1')
      return holders.map((holder) => {
        const at = holder.lastIndexOf('/')
        return { tenant: holder.slice(0, at), id: holder.slice(at + 1) }
      })
    },
    async skipped<T>(id: string) {
      const text = await redis.hget(keys.batchItems(id), 'skipped')
      return text === null ? [] : (JSON.parse(text) as T[])
    },
    async records({ tenant }, wanted) {
      const reads = redis.pipeline()
      for (const { state, name } of wanted) {
        reads.hget(keys.job(state.job), 'record').hget(keys.system(tenant, name), 'record')
      }
      const texts = ((await reads.exec()) ?? []).map(([error, text]) => {
        if (error) throw error
        return typeof text === 'string' ? JSON.parse(text) : null
      })
      return wanted.map((member, at) => ({ member, job: texts[2 * at], system: texts[2 * at + 1] }))
    },
    async waitingAs(tenant, name) {
      const [id = '', index] = (await redis.hget(keys.reserved(tenant), name))?.split('-') ?? []
      const batch = index === undefined ? null : await read(id)
      const [member] = batch ? await members(id, [Number(index)]) : []
      return batch && member ? { batch, member } : null
    },
    async byClient(id, clientId) {
      const index = await redis.hget(keys.batchClients(id), clientId)
      return index === null ? null : Number(index)
    },
    async changedSince(id, revision, count) {
      const found = await redis.zrange(
        keys.batchChanged(id),
        `(${revision}`,
        '+inf',
        'BYSCORE',
        'LIMIT',
        '0',
        `${count}`,
        'WITHSCORES',
      )
      return Array.from({ length: found.length / 2 }, (_, at) => ({
        index: Number(found[2 * at]),
        revision: Number(found[2 * at + 1]),
      }))
    },
    waiting: (id, count) => indexes(keys.batchWaiting(id), count),
    toStop: (id, count) => indexes(keys.batchStops(id), count),
    laterJobs: (id, after, size) =>
      redis.zrange(
        keys.batchJobs(id),
        after === null ? '+' : `(${after}`,
        '-',
        'BYLEX',
        'REV',
        'LIMIT',
        0,
        size,
      ),
    async endWaiting(batch, member, { job }) {
      const turn = freeTurn(keys, batch, member)
      return (await commit(join([turn, writeJob(keys, null, job, retentionMs)]))).ok
    },
    async retry(batch, failed) {
      let count = 0
      for (const member of failed) {
        if ((await commit(retryOf(keys, batch, member, retentionMs))).ok) count += 1
      }
      return count
    },
    async wish(batch, wish, stops = []) {
      const key = keys.batch(batch.id)
      const writes: Transaction['writes'] = [
        { command: 'HSET', key, args: ['wish', wish] },
        { command: 'HINCRBY', key, args: ['revision', '1'] },
        { command: 'ZADD', key: keys.openBatches, args: ['0', `${batch.tenant}/${batch.id}`] },
      ]
      for (let from = 0; from < stops.length; from += CHUNK) {
        const args = stops.slice(from, from + CHUNK).flatMap((index) => [`${index}`, `${index}`])
        writes.push({ command: 'ZADD', key: keys.batchStops(batch.id), args })
      }
      writes.push({ command: 'PUBLISH', key: null, args: [keys.batchChangedNow, batch.id] })
      await commit({ guards: [{ key, field: 'total', expected: `${batch.total}` }], writes })
    },
    async fulfil({ id, wish }) {
      const key = keys.batch(id)
      await commit({
        guards: [{ key, field: 'wish', expected: wish }],
        writes: [{ command: 'HSET', key, args: ['wish', 'none'] }],
      })
    },
    async forget(tenant, id) {
      await redis.zrem(keys.openBatches, holderOf({ tenant, name: id }))
    },
    async stopped({ id }, index) {
      await redis.zrem(keys.batchStops(id), `${index}`)
      await redis.publish(keys.batchChangedNow, id)
    },
    async end(batch, events) {
      const args = [`${Date.now()}`, keys.batchChangedNow, batch.id, `${retentionMs}`]
      const written = writeEvents(keys, events)
      const done = await commit({
        guards: [unchanged(keys, batch)],
        writes: [{ command: 'BATCHEND', key: keys.batch(batch.id), args }, ...written.writes],
      })
      return done.ok
    },
    async close(batch) {
      const holder = `${batch.tenant}/${batch.id}`
      const done = await commit({
        guards: [unchanged(keys, batch)],
        writes: [{ command: 'ZREM', key: keys.openBatches, args: [holder] }],
      })
      return done.ok
    },
  }
}

function unchanged(keys: Keys, { id, revision }: Batch) {
  return { key: keys.batch(id), field: 'revision', expected: `${revision}` }
}

/** A member that waits is canceled: its job will never be made. */
function cancelOf(keys: Keys, batch: Batch, member: StandingMember, retentionMs: number): Transaction {
  const { id, tenant } = batch
  const { index, state } = member
  const waiting = waitingWork(batch, member, state.job, null)
  const events = eventsOf(waiting, canceledWork(waiting, Date.now()), Date.now())
  const canceled = { status: 'canceled', job: state.job } as const
  const move = moveMember(keys, { tenant, batch: id, index }, canceled, 0, retentionMs)
  return join([
    { guards: [{ key: keys.job(state.job), field: 'revision', expected: null }], writes: move },
    freeTurn(keys, batch, member),
    writeEvents(keys, events),
  ])
}

/** It waits no more, and its names are free. A retry has none yet: they were freed when its member failed. */
function freeTurn(keys: Keys, batch: Batch, member: StandingMember): Transaction {
  const { id, tenant } = batch
  const { index, name, state, objectNames } = member
  const turn = { command: 'ZREM', key: keys.batchWaiting(id), args: [`${index}`] }
  const isFirst = state.job === memberJobId(id, index)
  const room = releaseRoom(keys, tenant, { systems: isFirst ? [name] : [], jobs: [state.job] })
  if (!isFirst) return { guards: [], writes: [turn, ...room] }
  const key = keys.reserved(tenant)
  return {
    guards: [{ key, field: name, expected: `${id}-${index}` }],
    writes: [
      turn,
      ...room,
      { command: 'HDEL', key, args: [name] },
      { command: 'HDEL', key: keys.names(namespaceOf(batch, index)), args: objectNames },
    ],
  }
}

/** Its next job is named now, and made when it is let in. */
function retryOf(keys: Keys, batch: Batch, member: StandingMember, retentionMs: number): Transaction {
  const { id, tenant } = batch
  const { index, state } = member
  const key = keys.batch(id)
  const job = memberJobId(id, index, (parseMemberJobId(state.job)?.round ?? batch.round) + 1)
  return {
    // The state names the job that failed: of two who ask at once, one finds it changed.
    guards: [
      { key: keys.batchStates(id), field: `${index}`, expected: `failed ${state.job} ${state.at}` },
      { key: keys.job(job), field: 'revision', expected: null },
    ],
    writes: [
      { command: 'ZADD', key: keys.batchWaiting(id), args: [`${index}`, `${index}`] },
      { command: 'ZADD', key: keys.batchJobs(id), args: ['0', job] },
      ...reserveRoom(keys, tenant, { systems: [], jobs: [job] }),
      { command: 'HSET', key, args: [`retryOf:${index}`, state.job] },
      ...moveMember(keys, { tenant, batch: id, index }, { status: 'queued', job }, 0, retentionMs),
    ],
  }
}

function toBatch(fields: Record<string, string>, toStop: number): Batch | null {
  if (!fields.record) return null
  const number = (name: string) => Number(fields[name] ?? 0)
  const time = (name: string) => (fields[name] ? Number(fields[name]) : null)
  return {
    ...(JSON.parse(fields.record) as BatchRecord),
    revision: number('revision'),
    counts: {
      queued: number('queued'),
      running: number('running'),
      succeeded: number('succeeded'),
      failed: number('failed'),
      canceled: number('canceled'),
    },
    active: number('active'),
    alive: number('alive'),
    toStop,
    stopping: number('stopping'),
    wish: (fields.wish ?? 'none') as BatchWish,
    round: number('round'),
    lastStartedAt: time('lastStartedAt'),
    finishedAt: time('finishedAt'),
  }
}

function join(parts: readonly Transaction[]): Transaction {
  return { guards: parts.flatMap((part) => part.guards), writes: parts.flatMap((part) => part.writes) }
}
