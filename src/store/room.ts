// How much each tenant has and does: counted in the transactions that change it, and held against its limits in those
// that accept more.
import type { Redis } from 'ioredis'
import type { JobRecord } from '../jobs/job.ts'
import { isDone } from '../jobs/transitions.ts'
import type { Limits } from '../system/access.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import type { Guard, Transaction } from './commit.ts'
import type { Keys } from './keys.ts'

/** What a tenant may have, and how many jobs of everybody together may be pending; null: no bound. */
export type Room = { limits: Pick<Limits, 'systems' | 'pendingJobs'>; queue: number | null }

/** How many more are wanted. */
export type Wanted = { systems: number; jobs: number }

/** Which bound leaves no room; `used`: how much of it is used. */
export type Full = { of: 'systems' | 'pendingJobs' | 'queue'; limit: number; used: number }

/** Joined to the transaction that accepts so much more. What is wanted of nothing is not counted. */
export function guardRoom(keys: Keys, tenant: string, room: Room, wanted: Wanted): Transaction {
  const guards = boundsOf(keys, tenant, room, wanted).flatMap(({ key, limit, more }) =>
    limit === null || more === 0 ? [] : [{ key, atMost: limit - more }],
  )
  return { guards, writes: [] }
}

/** Which bound it was that a transaction failed at; null: another guard. */
export function fullBy(
  keys: Keys,
  tenant: string,
  room: Room,
  failed: Guard,
  actual: string | number | null,
): Full | null {
  if (!('atMost' in failed)) return null
  const found = boundsOf(keys, tenant, room, { systems: 0, jobs: 0 }).find(({ key }) => key === failed.key)
  return found && found.limit !== null
    ? { of: found.of, limit: found.limit, used: Number(actual ?? 0) }
    : null
}

function boundsOf(keys: Keys, tenant: string, { limits, queue }: Room, { systems, jobs }: Wanted) {
  return [
    { of: 'systems', key: keys.liveOf(tenant), limit: limits.systems, more: systems },
    { of: 'pendingJobs', key: keys.pendingOf(tenant), limit: limits.pendingJobs, more: jobs },
    { of: 'queue', key: keys.pending, limit: queue, more: jobs },
  ] as const
}

/** A system counts from its start to its end. */
export function countSystem(
  keys: Keys,
  before: SystemRecord | null,
  after: SystemRecord,
): Transaction['writes'] {
  const key = keys.liveOf(after.tenant)
  if (isEnded(after)) return [{ command: 'SREM', key, args: [after.name] }]
  return before && !isEnded(before) ? [] : [{ command: 'SADD', key, args: [after.name] }]
}

/** A job counts until it is done. */
export function countJob(keys: Keys, before: JobRecord | null, after: JobRecord): Transaction['writes'] {
  const { tenant, id } = after
  if (isDone(after)) return releaseRoom(keys, tenant, { systems: [], jobs: [id] })
  return before === null ? reserveRoom(keys, tenant, { systems: [], jobs: [id] }) : []
}

/** Names of systems and ids of jobs, before there are records of them. */
export type Reserved = { systems: readonly string[]; jobs: readonly string[] }

/**
 * Counts what will be there, as if it were: once, however often it is counted. The record of each takes it over; what
 * never gets one has to be released.
 */
export function reserveRoom(keys: Keys, tenant: string, reserved: Reserved): Transaction['writes'] {
  return inRoom('SADD', keys, tenant, reserved)
}

export function releaseRoom(keys: Keys, tenant: string, reserved: Reserved): Transaction['writes'] {
  return inRoom('SREM', keys, tenant, reserved)
}

/** Lua passes so many arguments to a command, and not many times as many. */
const chunk = 1_000

function inRoom(
  command: 'SADD' | 'SREM',
  keys: Keys,
  tenant: string,
  { systems, jobs }: Reserved,
): Transaction['writes'] {
  const rows = [
    [keys.liveOf(tenant), systems],
    [keys.pendingOf(tenant), jobs],
    [keys.pending, jobs],
  ] as const
  return rows.flatMap(([key, members]) =>
    Array.from({ length: Math.ceil(members.length / chunk) }, (_, at) => ({
      command,
      key,
      args: members.slice(at * chunk, (at + 1) * chunk),
    })),
  )
}

export type ReadFull = ReturnType<typeof createReadFull>

/** Says early, before the work of checking, which bound leaves no room for so many more; null: there is room now. */
export function createReadFull(redis: Redis, keys: Keys) {
  return async (tenant: string, room: Room, wanted: Wanted): Promise<Full | null> => {
    const bounds = boundsOf(keys, tenant, room, wanted).filter(
      ({ limit, more }) => limit !== null && more > 0,
    )
    const sizes = await Promise.all(bounds.map(({ key }) => redis.scard(key)))
    for (const [at, { of, limit, more }] of bounds.entries()) {
      const used = sizes[at] ?? 0
      if (limit !== null && used + more > limit) return { of, limit, used }
    }
    return null
  }
}
