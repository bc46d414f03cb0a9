// Removes an incarnation, and what an update no longer wants. Always by listing, never from memory.

import type { ChangeSet } from '../../../system/change.ts'
import type { LiveObject } from '../../../system/live.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Fence, Removal, Stage } from '../../orchestrator.ts'
import { concurrently } from './concurrently.ts'
import { deleteFound, type Found, isDerived, standsAlone, subjectOf } from './found.ts'
import { type Kind, kinds, kindsOfIncarnation } from './kinds.ts'
import { hasNeverRun, letGo } from './let-go.ts'
import type { Resources } from './resources.ts'
import { keptSelectorOf, selectorOf } from './selectors.ts'

const deletesAtOnce = 8

/**
 * Deletes everything that carries the sid, dependents in the background, and says what is still to be seen then: pods
 * and objects that are being deleted. Pods that never ran are let go of at once. Idempotent; a system that is gone
 * costs the lists alone. `volumes`: also what the system keeps from one incarnation to the next. That is asked to go at
 * once, so that nothing new can take it, and goes when its last pod has gone.
 */
export async function removeIncarnation(
  resources: Resources,
  identity: SystemIdentity,
  signal: AbortSignal,
  { volumes = false }: { volumes?: boolean } = {},
): Promise<Removal> {
  const findDoomed = async () => {
    const found = await findAll(resources, identity, signal)
    return volumes ? [...found, ...(await findKept(resources, identity, signal))] : found
  }
  const found = await findDoomed()
  const doomed = found.filter(isDeletable)
  const changes = await deleteAll(resources, doomed, async () => {}, signal)
  const left = doomed.length === 0 ? found : await findDoomed()
  const idle = left.filter(hasNeverRun)
  if (idle.length === 0) return { changes, remaining: left.map(subjectOf) }
  await letGo(idle, left, resources, signal)
  return { changes, remaining: (await findDoomed()).map(subjectOf) }
}

/** Deletes what carries the sid and stands in none of the stages. */
export async function pruneIncarnation(
  resources: Resources,
  identity: SystemIdentity,
  stages: readonly Stage[],
  fence: Fence,
  signal: AbortSignal,
): Promise<ChangeSet> {
  const wanted = new Set(stages.flatMap(({ manifests }) => manifests.map(({ subject }) => subject)))
  const found = await findAll(resources, identity, signal)
  const stray = found.filter((one) => !isDerived(one) && !wanted.has(subjectOf(one)) && isDeletable(one))
  return deleteAll(resources, stray, fence.check, signal)
}

/** Deletes these very objects; one that is gone, or another by now, counts for nothing. */
export async function discardObjects(
  resources: Resources,
  identity: SystemIdentity,
  objects: readonly LiveObject[],
  signal: AbortSignal,
): Promise<ChangeSet> {
  const uids = new Set(objects.map(({ uid }) => uid))
  const found = await findAll(resources, identity, signal)
  const doomed = found.filter((one) => uids.has(one.object.metadata.uid) && isDeletable(one))
  return deleteAll(resources, doomed, async () => {}, signal)
}

async function findAll(
  resources: Resources,
  { namespace, sid }: SystemIdentity,
  signal: AbortSignal,
): Promise<Found[]> {
  const lists = await Promise.all(
    kindsOfIncarnation.map((kind) => findOf(kind, namespace, selectorOf(sid), resources, signal)),
  )
  return lists.flat()
}

async function findKept(
  resources: Resources,
  identity: SystemIdentity,
  signal: AbortSignal,
): Promise<Found[]> {
  const kept = kinds.filter(({ role }) => role === 'kept')
  const lists = await Promise.all(
    kept.map((kind) => findOf(kind, identity.namespace, keptSelectorOf(identity), resources, signal)),
  )
  return lists.flat()
}

async function findOf(
  kind: Kind,
  namespace: string,
  selector: string,
  resources: Resources,
  signal: AbortSignal,
): Promise<Found[]> {
  // Of a pod it counts what it has run.
  const metadataOnly = kind.kind !== 'Pod'
  const { items } = await resources.list({ kind, namespace, selector, metadataOnly }, signal)
  return items.map((object) => ({ kind, object }))
}

function isDeletable(one: Found): boolean {
  return !one.object.metadata.deletionTimestamp && standsAlone(one)
}

async function deleteAll(
  resources: Resources,
  found: readonly Found[],
  check: () => Promise<void>,
  signal: AbortSignal,
): Promise<ChangeSet> {
  const changes = await concurrently(found, deletesAtOnce, async (one) => {
    await check()
    return deleteFound(one, resources, signal)
  })
  return changes.filter((change) => change !== undefined)
}
