// The outbox: events that were written with the transition that they tell of, and are still to be told.
import type { Redis } from 'ioredis'
import { decodeTime, encodeTime } from 'ulid'
import type { DeliveryRecord } from '../jobs/delivery.ts'
import type { Outgoing } from '../jobs/event.ts'
import type { Keys } from './keys.ts'
import { readScript, runScript } from './script.ts'
import type { Retention } from './works.ts'

/** `entry` is its place in the outbox, `id` names the event wherever it is told. Null: it can't be read. */
export type OutboxEntry = { entry: string; id: string; outgoing: Outgoing | null }

export type Outbox = ReturnType<typeof createOutbox>

/** The longest schedule that is to be expected, on top of the time that done ones are kept. */
const longestScheduleMs = 30 * 24 * 3600 * 1000

export function createOutbox(redis: Redis, keys: Keys, { retentionMs }: Retention) {
  const take = readScript('take-outgoing')
  return {
    /** The oldest ones. */
    async read(count: number): Promise<OutboxEntry[]> {
      const entries = await redis.xrange(keys.outbox, '-', '+', 'COUNT', count)
      return entries.map(([entry, fields]) => toEntry(entry, fields))
    },
    /** How many wait to be handed out. */
    size: () => redis.xlen(keys.outbox),
    /** Removes those that nobody is to be told of. */
    async drop(entries: readonly string[]): Promise<void> {
      if (entries.length > 0) await redis.xdel(keys.outbox, ...entries)
    },
    /** Removes one and writes its deliveries, with the body that they send; false: another worker has done it. */
    async take(
      entry: string,
      deliveries: readonly DeliveryRecord[],
      body: string,
      now: number,
    ): Promise<boolean> {
      const oldest = `evt_${encodeTime(Math.max(0, now - retentionMs - longestScheduleMs)).toLowerCase()}`
      const written = deliveries.map((one) => ({
        id: one.id,
        record: JSON.stringify(one),
        body,
        dueAt: `${one.nextAttemptAt ?? now}`,
        oldest,
      }))
      const places = deliveries.flatMap((one) => [keys.delivery(one.id), keys.deliveriesOf(...listOf(one))])
      const all = [keys.outbox, keys.dueDeliveries, ...places]
      return (await runScript(redis, take, all, [entry, JSON.stringify(written)])) === 1
    },
  }
}

/** Whose list a delivery is in. */
export function listOf({ id, tenant }: Pick<DeliveryRecord, 'id' | 'tenant'>): [string, string] {
  return [tenant, id.slice(id.indexOf('.') + 1)]
}

/** What another version has written and this one can't read must not stop the rest. */
function toEntry(entry: string, fields: string[]): OutboxEntry {
  const fieldOf = (name: string) => {
    for (let at = 0; at < fields.length; at += 2) if (fields[at] === name) return fields[at + 1] ?? null
    return null
  }
  const callback = fieldOf('callback')
  const id = fieldOf('id') ?? ''
  try {
    decodeTime(id.slice('evt_'.length).toUpperCase())
    const outgoing: Outgoing = {
      event: JSON.parse(fieldOf('event') ?? ''),
      callback: callback === null ? null : JSON.parse(callback),
      trace: fieldOf('trace'),
    }
    return { entry, id, outgoing }
  } catch {
    return { entry, id, outgoing: null }
  }
}
