// Accepts a batch: one script writes it whole, or says what stands in its way.
import type { ChainableCommander, Redis } from 'ioredis'
import { type BatchRecord, type Member, memberJobId, namespaceOf } from '../jobs/batch.ts'
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
  /** No other may have been accepted since this was read (`Reserved`); left out: others may. */
  reservedVersion?: string | null
  /** Told again to whoever sends the same request again; plain data. */
  skipped?: readonly unknown[]
}

/**
 * `moved`: another batch was accepted meanwhile. `repeated`: another request with the same Idempotency-Key was accepted meanwhile. `full`: the tenant, or everybody together, may not have so many
 * more. `taken`: names of these members
 * (index -> the name, and `tenant/system` that holds it; null: a system or a member of another batch is called so).
 */
export type AcceptedBatch =
  | { outcome: 'accepted' }
  | { outcome: 'repeated' }
  | { outcome: 'full'; full: Full }
  | { outcome: 'moved' }
  | { outcome: 'taken'; taken: Map<number, { name: string; holder: string | null }> }

export type AcceptBatch = (acceptance: BatchAcceptance) => Promise<AcceptedBatch>

export function createAcceptBatch(redis: Redis, keys: Keys): AcceptBatch {
  const script = readScript('accept-batch')
  return async ({ batch, members, requestKey, room, reservedVersion = null, skipped = [] }) => {
    const { id, tenant } = batch
    const groups = byNamespace(batch, members)
    const scriptKeys = [
      keys.batch(id),
      keys.batchItems(id),
      keys.batchWaiting(id),
      keys.batchClients(id),
      keys.reserved(tenant),
      keys.batchesOf(tenant),
      keys.openBatches,
      keys.tenants,
      keys.liveOf(tenant),
      keys.pendingOf(tenant),
      keys.pending,
      keys.acceptedBatches,
      ...groups.map(({ namespace }) => keys.names(namespace)),
      ...(requestKey ? [requestKey.name] : []),
    ]
    const first = { fingerprint: requestKey?.fingerprint, id }
    const objects = groups.map((group) => group.members.flatMap(({ objectNames }) => objectNames))
    const holders = groups.map((group) =>
      group.members.flatMap(({ name, objectNames }) => objectNames.map(() => holderOf({ tenant, name }))),
    )
    const args = [
      JSON.stringify(fieldsOf(batch)),
      id,
      holderOf({ tenant, name: id }),
      tenant,
      keys.batchChangedNow,
      requestKey ? JSON.stringify(['first', JSON.stringify(first)]) : '',
      JSON.stringify(
        [room.limits.systems, room.limits.pendingJobs, room.queue].map((limit) => limit ?? false),
      ),
      JSON.stringify(members.map(({ index }) => `${index}`)),
      JSON.stringify(members.map(({ name }) => name)),
      JSON.stringify(members.map(({ index }) => memberJobId(id, index))),
      JSON.stringify(objects),
      JSON.stringify(holders),
      reservedVersion ?? '',
    ]
    await writeParts(redis, keys, id, members, skipped)
    const [outcome, ...rest] = (await runScript(redis, script, scriptKeys, args)) as [number, ...string[]]
    if (outcome === 0) return { outcome: 'accepted' }
    await redis.unlink(keys.batchItems(id), keys.batchWaiting(id), keys.batchClients(id))
    if (outcome === 1) return { outcome: 'repeated' }
    if (outcome === 5) return { outcome: 'moved' }
    if (outcome === 4) return { outcome: 'full', full: fullOf(room, rest) }
    return {
      outcome: 'taken',
      taken: outcome === 2 ? takenNames(members, rest) : takenObjects(groups, rest),
    }
  }
}

type Group = { namespace: string; members: Member[] }

/** Names of objects are taken in the namespace of their member. */
function byNamespace(batch: BatchRecord, members: readonly Member[]): Group[] {
  const groups = Map.groupBy(members, ({ index }) => namespaceOf(batch, index))
  return [...groups].map(([namespace, members]) => ({ namespace, members }))
}

/** How long the parts stay should nothing become of the batch, in milliseconds. */
const partsKeptMs = 600_000

/** Nobody looks at them before there is a record; in many commands, so that others have their turn between. */
async function writeParts(
  redis: Redis,
  keys: Keys,
  id: string,
  members: readonly Member[],
  skipped: readonly unknown[],
): Promise<void> {
  const items = keys.batchItems(id)
  const waiting = keys.batchWaiting(id)
  const clients = keys.batchClients(id)
  for (let from = 0; from < members.length; from += slice) {
    const some = members.slice(from, from + slice)
    const named = some.flatMap(({ clientId, index }) => (clientId === null ? [] : [clientId, `${index}`]))
    const writes = redis.pipeline()
    writes.zadd(waiting, ...some.flatMap(({ index }) => [index, `${index}`]))
    if (named.length > 0) writes.hset(clients, ...named)
    await done(writes)
  }
  const writes = redis.pipeline().hset(items, ...chunksOf(members))
  if (skipped.length > 0) writes.hset(items, 'skipped', JSON.stringify(skipped))
  for (const key of [items, waiting, clients]) writes.pexpire(key, partsKeptMs)
  await done(writes)
}

const slice = 1_000

/** Throws the first error. */
async function done(writes: ChainableCommander): Promise<void> {
  for (const [error] of (await writes.exec()) ?? []) if (error) throw error
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

/** `triples`: number of the group, name of the object, its holder. */
function takenObjects(groups: readonly Group[], triples: readonly string[]) {
  const taken = new Map<number, { name: string; holder: string | null }>()
  for (const [number, { members }] of groups.entries()) {
    const holders = new Map<string, string>()
    for (let at = 0; at < triples.length; at += 3)
      if (Number(triples[at]) === number) holders.set(triples[at + 1] ?? '', triples[at + 2] ?? '')
    for (const { index, objectNames } of members) {
      const name = objectNames.find((object) => holders.has(object))
      if (name !== undefined) taken.set(index, { name, holder: holders.get(name) ?? null })
    }
  }
  return taken
}
