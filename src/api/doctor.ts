// What the operator is told: which parts are there, and what stands in the cluster that no record tells of.

import { toTime } from '../jobs/job-view.ts'
import { isStoreOutage } from '../store/outage.ts'
import type { LiveObject, LivePreparation, LiveSystem } from '../system/live.ts'
import type { OrchestratorKind } from '../system/orchestrator-kind.ts'
import type { Reachability } from '../system/readiness.ts'
import { readVersion } from '../version.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { runsApart } from './runs-apart.ts'
import type { Doctor, Stray } from './schemas/doctor.ts'

type Part = Doctor['parts'][number]

/** Never throws for a part that is away: that is what it tells. */
export async function examine(context: ApiContext, signal: AbortSignal): Promise<Doctor> {
  const [redis, cluster] = await Promise.all([examineRedis(context), context.reading.reachability(signal)])
  const parts = [...redis, placePart(context.runsOn, cluster)]
  const canTell = cluster.reachable && redis.every(({ name, ok }) => name !== 'redis' || ok)
  const strays = canTell ? await findStrays(context, signal) : undefined
  const healthy = parts.every(({ ok }) => ok) && strays?.length === 0
  const { node } = process.versions
  return { version: await readVersion(), node, healthy, parts, ...(strays && { strays }) }
}

/** Throws NOT_A_STRAY (409) where one of the objects is none. */
export async function removeStrays(
  context: ApiContext,
  objects: readonly string[],
  signal: AbortSignal,
): Promise<Stray[]> {
  const named = new Set(objects)
  const strays = (await findStrays(context, signal))
    .map((found) => ({ ...found, objects: found.objects.filter(({ uid }) => named.delete(uid)) }))
    .filter((found) => found.objects.length > 0)
  if (named.size > 0) throw apiError('NOT_A_STRAY', `No strays are: ${[...named].join(', ')}`)
  await context.tasks.removeStrays(objects)
  return strays
}

async function findStrays({ store, reading }: ApiContext, signal: AbortSignal): Promise<Stray[]> {
  const [systems, preparations] = await Promise.all([reading.list(signal), reading.preparations(signal)])
  const unknown = await store.preparations.strays(preparations)
  return [
    ...(await store.findStrays(systems)).map(systemStray),
    ...unknown.filter(({ objects }) => objects.length > 0).map(preparationStray),
  ]
}

async function examineRedis({ store, runsOn }: ApiContext): Promise<Part[]> {
  try {
    const [version, { workers, cluster }] = await Promise.all([
      store.health.redisVersion(),
      store.health.read(),
    ])
    const trouble =
      workers === 0 ? 'no worker is alive: start one with tycho worker' : runsApart(runsOn, cluster)
    return [
      { name: 'redis', ok: true, version },
      { name: 'workers', ok: trouble === null, reason: trouble ?? `${workers} alive` },
    ]
  } catch (error) {
    if (!isStoreOutage(error)) throw error
    return [{ name: 'redis', ok: false, reason: error instanceof Error ? error.message : 'no reason given' }]
  }
}

const partNames = { kubernetes: 'cluster', docker: 'engine', swarm: 'swarm' } as const

function placePart(runsOn: OrchestratorKind, seen: Reachability): Part {
  const name = partNames[runsOn]
  return seen.reachable ? { name, ok: true, version: seen.version } : { name, ok: false, reason: seen.reason }
}

function systemStray({ identity, objects }: LiveSystem): Stray {
  const { tenant, namespace, name, sid } = identity
  return { tenant, namespace, system: name, sid, objects: objects.map(toShown) }
}

function preparationStray({ id, tenant, namespace, objects }: LivePreparation): Stray {
  return { tenant, namespace, preparation: id, objects: objects.map(toShown) }
}

function toShown({ subject, uid, createdAt }: LiveObject) {
  return { subject, uid, createdAt: toTime(createdAt) }
}
