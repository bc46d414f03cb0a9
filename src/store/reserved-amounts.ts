// What the members of batches will take that wait for their turn: the cluster does not know of them yet.
import type { Redis } from 'ioredis'
import { type BatchRecord, namespaceOf } from '../jobs/batch.ts'
import type { Amounts } from '../system/needs.ts'
import type { Keys } from './keys.ts'

/** Namespace -> what is going to be taken there, of all tenants. */
export type ReservedAmounts = Map<string, Amounts>

/** `version`: another one after each acceptance of a batch, so that two do not count on the same room. */
export type Reserved = { amounts: ReservedAmounts; version: string }

/** What one member takes is taken for that of each other in its namespace. */
export function createReadReserved(redis: Redis, keys: Keys): () => Promise<Reserved> {
  return async () => {
    // Before the rest: what is accepted meanwhile may be counted, and is found out all the same.
    const version = (await redis.get(keys.acceptedBatches)) ?? '0'
    const open = await redis.zrange(keys.openBatches, '0', '-1')
    const found = await Promise.all(
      open.map((holder) => waitingIn(holder.slice(holder.lastIndexOf('/') + 1))),
    )
    const amounts: ReservedAmounts = new Map()
    for (const [namespace, more] of found.flat()) {
      const sum = amounts.get(namespace) ?? {}
      for (const [of, amount] of Object.entries(more)) sum[of] = (sum[of] ?? 0) + amount
      amounts.set(namespace, sum)
    }
    return { amounts, version }
  }

  async function waitingIn(id: string): Promise<[namespace: string, amounts: Amounts][]> {
    const [text, queued] = await redis.hmget(keys.batch(id), 'record', 'queued')
    if (!text || Number(queued) === 0) return []
    const batch = JSON.parse(text) as BatchRecord
    const counts = await countWaiting(batch, Number(queued))
    return batch.spread.map(({ namespace, members, needs }) => {
      const part = (counts.get(namespace) ?? 0) / members
      const amounts = Object.entries(needs).map(([of, amount]) => [of, amount * part] as const)
      return [namespace, Object.fromEntries(amounts)]
    })
  }

  /** Those that were let in, and that no worker has taken up yet, are where the next one will be. */
  async function countWaiting(batch: BatchRecord, queued: number): Promise<Map<string, number>> {
    const { places, id } = batch
    const ends = [...places.slice(1).map(({ from }) => `(${from}`), '+inf']
    const counted = await Promise.all(
      places.map(({ from }, at) => redis.zcount(keys.batchWaiting(id), from, ends[at] ?? '+inf')),
    )
    const counts = new Map<string, number>()
    for (const [at, { namespace }] of places.entries())
      counts.set(namespace, (counts.get(namespace) ?? 0) + (counted[at] ?? 0))
    const [next] = await redis.zrange(keys.batchWaiting(id), '0', '0')
    const namespace = namespaceOf(batch, next === undefined ? batch.items - 1 : Number(next))
    const letIn = Math.max(0, queued - counted.reduce((sum, one) => sum + one, 0))
    return counts.set(namespace, (counts.get(namespace) ?? 0) + letIn)
  }
}
