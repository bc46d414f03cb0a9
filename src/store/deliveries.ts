// Deliveries: one event on its way to one endpoint, kept after its end as long as jobs are.
import type { Redis } from 'ioredis'
import type { DeliveryRecord } from '../jobs/delivery.ts'
import type { Commit, Transaction } from './commit.ts'
import type { Keys } from './keys.ts'
import type { Page } from './lists.ts'
import { listOf } from './outbox.ts'
import type { Retention } from './works.ts'

export type Deliveries = ReturnType<typeof createDeliveries>

const attempts = 20

export function createDeliveries(redis: Redis, keys: Keys, commit: Commit, { retentionMs }: Retention) {
  const get = async (id: string): Promise<DeliveryRecord | null> =>
    toRecord(await redis.hget(keys.delivery(id), 'record'))

  /** Reads a delivery, lets `decide` say what becomes of it, and writes that. Null: there was nothing to write. */
  const change = async (
    id: string,
    decide: (delivery: DeliveryRecord) => DeliveryRecord | null,
  ): Promise<DeliveryRecord | null> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await get(id)
      const after = before && decide(before)
      if (!before || !after) return null
      const next = { ...after, revision: before.revision + 1 }
      if ((await commit(writeDelivery(keys, before, next, retentionMs))).ok) return next
    }
    throw new Error(`delivery ${id} changed ${attempts} times while it was being written`)
  }

  const read = async (list: string, ids: readonly string[]): Promise<DeliveryRecord[]> => {
    if (ids.length === 0) return []
    const reads = redis.pipeline()
    for (const id of ids) reads.hget(keys.delivery(id), 'record')
    const found: DeliveryRecord[] = []
    const expired: string[] = []
    for (const [at, [error, text]] of ((await reads.exec()) ?? []).entries()) {
      if (error) throw error
      const record = toRecord(typeof text === 'string' ? text : null)
      if (record) found.push(record)
      else expired.push(ids[at] ?? '')
    }
    if (expired.length > 0) await redis.zrem(list, ...expired)
    return found
  }

  return {
    get,
    change,
    /** What is sent, as it was when the event happened. */
    body: (id: string) => redis.hget(keys.delivery(id), 'body'),
    /** One that comes from no event of the outbox. */
    async add(delivery: DeliveryRecord, body: string): Promise<void> {
      await commit(writeDelivery(keys, null, delivery, retentionMs, body))
    },
    /** Those to an endpoint of a tenant, newest first. */
    async page(
      tenant: string,
      endpoint: string,
      after: string | null,
      size: number,
    ): Promise<Page<DeliveryRecord>> {
      const list = keys.deliveriesOf(tenant, endpoint)
      const from = after === null ? '+' : `(${after}`
      const ids = await redis.zrange(list, from, '-', 'BYLEX', 'REV', 'LIMIT', 0, size + 1)
      const page = ids.slice(0, size)
      return { items: await read(list, page), next: ids.length > size ? (page.at(-1) ?? null) : null }
    },
    /** Those of which an attempt was due before `time` (milliseconds since the epoch), longest overdue first. */
    dueBefore: (time: number, count: number) =>
      redis.zrange(keys.dueDeliveries, '-inf', `${time}`, 'BYSCORE', 'LIMIT', 0, count),
    /** Looks at one again only after others. */
    postponeDue: (id: string, time: number) => redis.zadd(keys.dueDeliveries, 'XX', time, id),
    forgetDue: (id: string) => redis.zrem(keys.dueDeliveries, id),
    /** With the endpoint go its deliveries: what is pending finds no endpoint, what is done expires. */
    forgetList: (tenant: string, endpoint: string) => redis.unlink(keys.deliveriesOf(tenant, endpoint)),
    /** How many are pending. */
    pending: () => redis.zcard(keys.dueDeliveries),
  }
}

function toRecord(text: string | null): DeliveryRecord | null {
  return text === null ? null : (JSON.parse(text) as DeliveryRecord)
}

function writeDelivery(
  keys: Keys,
  before: DeliveryRecord | null,
  after: DeliveryRecord,
  retentionMs: number,
  body?: string,
): Transaction {
  const key = keys.delivery(after.id)
  const fields = ['revision', `${after.revision}`, 'record', JSON.stringify(after)]
  const isDone = after.nextAttemptAt === null
  return {
    guards: [{ key, field: 'revision', expected: before && `${before.revision}` }],
    writes: [
      { command: 'HSET', key, args: body === undefined ? fields : [...fields, 'body', body] },
      isDone ? { command: 'PEXPIRE', key, args: [`${retentionMs}`] } : { command: 'PERSIST', key, args: [] },
      isDone
        ? { command: 'ZREM', key: keys.dueDeliveries, args: [after.id] }
        : { command: 'ZADD', key: keys.dueDeliveries, args: [`${after.nextAttemptAt}`, after.id] },
      ...(before === null
        ? [{ command: 'ZADD', key: keys.deliveriesOf(...listOf(after)), args: ['0', after.id] }]
        : []),
    ],
  }
}
