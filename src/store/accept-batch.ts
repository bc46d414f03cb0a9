// Accepts a batch: one script writes it whole, or says what stands in its way.
import type { Redis } from 'ioredis'
import type { BatchRecord, Member } from '../jobs/batch.ts'
import type { Keys } from './keys.ts'
import { CHUNK, type Chunk } from './member-jobs.ts'
import { holderOf } from './records.ts'
import type { RequestKey } from './request-keys.ts'
import type { Full, Room } from './room.ts'
import { readScript, runScript } from './script.ts'

export type BatchAcceptance = {
  batch: BatchRecord
  /** By index. */
  members: readonly Member[]
  requestKey: RequestKey | null
  room: Room
  /** Told again to whoever sends the same request again; plain data. */
  skipped?: readonly unknown[]
}

/**
 * `repeated`: another request with the same Idempotency-Key was accepted meanwhile. `full`: the tenant, or everybody together, may not have so many
 * more. `taken`: names of these members
 * (index -> the name, and `tenant/system` that holds it; null: a system or a member of another batch is called so).
 */
export type AcceptedBatch =
  | { outcome: 'accepted' }
  | { outcome: 'repeated' }
  | { outcome: 'full'; full: Full }
  | { outcome: 'taken'; taken: Map<number, { name: string; holder: string | null }> }

export type AcceptBatch = (acceptance: BatchAcceptance) => Promise<AcceptedBatch>

export function createAcceptBatch(redis: Redis, keys: Keys): AcceptBatch {
  const script = readScript('accept-batch')
  return async ({ batch, members, requestKey, room, skipped = [] }) => {
    const { id, tenant } = batch
    const scriptKeys = [
      keys.batch(id),
      keys.batchItems(id),
      keys.batchWaiting(id),
      keys.batchClients(id),
      keys.names(batch.namespace),
      keys.reserved(tenant),
      keys.batchesOf(tenant),
      keys.openBatches,
      keys.tenants,
      keys.liveOf(tenant),
      keys.pendingOf(tenant),
      keys.pending,
      ...(requestKey ? [requestKey.name] : []),
    ]
    const first = { fingerprint: requestKey?.fingerprint, id }
    const args = [
      JSON.stringify(fieldsOf(batch)),
      id,
      holderOf({ tenant, name: id }),
      tenant,
      keys.batchChangedNow,
      keys.system(tenant, ''),
      requestKey ? JSON.stringify(['first', JSON.stringify(first)]) : '',
      JSON.stringify(
        [room.limits.systems, room.limits.pendingJobs, room.queue].map((limit) => limit ?? false),
      ),
      JSON.stringify(members.flatMap(({ index, name, clientId }) => [`${index}`, name, clientId ?? ''])),
      JSON.stringify(
        members.flatMap(({ name, objectNames }) =>
          objectNames.flatMap((object) => [object, holderOf({ tenant, name })]),
        ),
      ),
      ...chunksOf(members),
      ...(skipped.length > 0 ? ['skipped', JSON.stringify(skipped)] : []),
    ]
    const [outcome, ...rest] = (await runScript(redis, script, scriptKeys, args)) as [number, ...string[]]
    if (outcome === 0) return { outcome: 'accepted' }
    if (outcome === 1) return { outcome: 'repeated' }
    if (outcome === 4) return { outcome: 'full', full: fullOf(room, rest) }
    return {
      outcome: 'taken',
      taken: outcome === 2 ? takenNames(members, rest) : takenObjects(members, rest),
    }
  }
}

function fullOf({ limits, queue }: Room, [n, used]: string[]): Full {
  if (n === '1') return { of: 'systems', limit: limits.systems ?? 0, used: Number(used) }
  if (n === '2') return { of: 'pendingJobs', limit: limits.pendingJobs ?? 0, used: Number(used) }
  return { of: 'queue', limit: queue ?? 0, used: Number(used) }
}

function fieldsOf(batch: BatchRecord): string[] {
  const { idempotencyKey, createdAt, total } = batch
  return [
    ...[
      'record',
      JSON.stringify(batch),
      'revision',
      `${createdAt}`,
      'total',
      `${total}`,
      'queued',
      `${total}`,
    ],
    ...['running', 'succeeded', 'failed', 'canceled', 'active', 'alive', 'stopping'].flatMap((name) => [
      name,
      '0',
    ]),
    ...['round', '1', 'wish', 'none', 'requestKey', idempotencyKey ?? ''],
  ]
}

/** Number and text of each chunk. */
function chunksOf(members: readonly Member[]): string[] {
  const chunks = new Map<number, Chunk>()
  for (const { index, ...member } of members) {
    const number = Math.floor(index / CHUNK)
    const chunk = chunks.get(number) ?? new Array<null>(CHUNK).fill(null)
    chunk[index % CHUNK] = member
    chunks.set(number, chunk)
  }
  return [...chunks].flatMap(([number, chunk]) => [`${number}`, JSON.stringify(chunk)])
}

function takenNames(members: readonly Member[], indexes: readonly string[]) {
  const taken = new Set(indexes.map(Number))
  return new Map(
    members.flatMap(({ index, name }) => (taken.has(index) ? [[index, { name, holder: null }]] : [])),
  )
}

function takenObjects(members: readonly Member[], pairs: readonly string[]) {
  const holders = new Map<string, string>()
  for (let at = 0; at < pairs.length; at += 2) holders.set(pairs[at] ?? '', pairs[at + 1] ?? '')
  const taken = new Map<number, { name: string; holder: string | null }>()
  for (const { index, objectNames } of members) {
    const name = objectNames.find((object) => holders.has(object))
    if (name !== undefined) taken.set(index, { name, holder: holders.get(name) ?? null })
  }
  return taken
}
