// Preparations: images that are pulled beforehand, kept after their end as long as jobs are.
import type { Redis } from 'ioredis'
import { isOver, type PreparationRecord } from '../jobs/preparation.ts'
import type { LivePreparation } from '../system/live.ts'
import type { Commit, Transaction } from './commit.ts'
import type { Keys } from './keys.ts'
import { isRequestKey, keepRequestKey, type RequestKey, writeRequestKey } from './request-keys.ts'
import type { Retention } from './works.ts'

export type Preparations = ReturnType<typeof createPreparations>

const attempts = 20

export function createPreparations(redis: Redis, keys: Keys, commit: Commit, { retentionMs }: Retention) {
  const get = async (id: string): Promise<PreparationRecord | null> => {
    const text = await redis.hget(keys.preparation(id), 'record')
    return text === null ? null : (JSON.parse(text) as PreparationRecord)
  }

  return {
    get,
    /** `full`: so many of the tenant's are under way already. `repeated`: another request with the key was faster. */
    async add(
      record: PreparationRecord,
      mostOpen: number,
      requestKey: RequestKey | null,
    ): Promise<'added' | 'full' | 'repeated'> {
      const open = { key: keys.preparationsOf(record.tenant), atMost: mostOpen - 1 }
      const known = requestKey ? writeRequestKey(requestKey, record.id) : { guards: [], writes: [] }
      const made = writePreparation(keys, null, record, retentionMs)
      const done = await commit({
        guards: [...known.guards, open, ...made.guards],
        writes: [...known.writes, ...made.writes],
      })
      if (done.ok) return 'added'
      return isRequestKey(requestKey, done.failed) ? 'repeated' : 'full'
    },
    /** Reads one, lets `decide` say what becomes of it, and writes that. Null: there was nothing to write. */
    async change(
      id: string,
      decide: (found: PreparationRecord) => PreparationRecord | null,
    ): Promise<PreparationRecord | null> {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const before = await get(id)
        const after = before && decide(before)
        if (!before || !after) return null
        const next = { ...after, revision: before.revision + 1 }
        if ((await commit(writePreparation(keys, before, next, retentionMs))).ok) return next
      }
      throw new Error(`preparation ${id} changed ${attempts} times while it was being written`)
    },
    /** Of what stands, that of which no record tells. */
    async strays(found: readonly LivePreparation[]): Promise<LivePreparation[]> {
      const known = await Promise.all(found.map(({ id }) => redis.exists(keys.preparation(id))))
      return found.filter((_, at) => !known[at])
    },
    /** Those under way that nobody has looked at since `time` (milliseconds since the epoch), longest first. */
    openBefore: (time: number, count: number) =>
      redis.zrange(keys.openPreparations, '-inf', `${time}`, 'BYSCORE', 'LIMIT', 0, count),
    /** Looks at one again only after others. */
    postpone: (id: string, time: number) => redis.zadd(keys.openPreparations, 'XX', time, id),
    forget: (id: string) => redis.zrem(keys.openPreparations, id),
  }
}

function writePreparation(
  keys: Keys,
  before: PreparationRecord | null,
  after: PreparationRecord,
  retentionMs: number,
): Transaction {
  const { id } = after
  const key = keys.preparation(id)
  const of = keys.preparationsOf(after.tenant)
  const opened = [
    { command: 'SADD', key: of, args: [id] },
    { command: 'ZADD', key: keys.openPreparations, args: [`${after.createdAt}`, id] },
  ]
  const closed = [
    { command: 'SREM', key: of, args: [id] },
    { command: 'ZREM', key: keys.openPreparations, args: [id] },
    { command: 'PEXPIRE', key, args: [`${retentionMs}`] },
    ...(after.idempotencyKey === null ? [] : keepRequestKey(after.idempotencyKey, retentionMs)),
  ]
  return {
    guards: [{ key, field: 'revision', expected: before && `${before.revision}` }],
    writes: [
      { command: 'HSET', key, args: ['revision', `${after.revision}`, 'record', JSON.stringify(after)] },
      ...(before === null ? opened : []),
      ...(isOver(after) ? closed : []),
      { command: 'PUBLISH', key: null, args: [keys.preparationChanged, id] },
    ],
  }
}
