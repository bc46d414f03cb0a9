// Removes an incarnation, and what an update no longer wants. Always by listing, never from memory.

import type { ChangeSet } from '../../../system/change.ts'
import type { LiveObject } from '../../../system/live.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Fence, Removal, Stage } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { deleteFound, type Found, isDerived, standsAlone, subjectOf } from './found.ts'
import type { Freshness, IncarnationLists } from './incarnation-lists.ts'
import { kinds, kindsOfIncarnation } from './kinds.ts'
import { hasNeverRun, letGo } from './let-go.ts'
import type { Resources } from './resources.ts'
import { toPodState } from './seen-pod.ts'
import { keptSelectorOf } from './selectors.ts'

const deletesAtOnce = 8

/**
 * `lists` read for several incarnations together. `leavesOwned`: what goes with its owner is left to the cluster's garbage
 * collector, which saves writes, and takes a moment longer.
 */
export type Removing = { resources: Resources; lists: IncarnationLists; leavesOwned: boolean }

/**
 * Deletes everything that carries the sid, dependents in the background, and says what is still to be seen then: pods
 * and objects that are being deleted. Pods that never ran are let go of at once. Idempotent; a system that is gone
 * costs the lists alone, and that it is gone is read from the cluster's store. `again`: it was deleted before, and seems
 * to be gone. `volumes`: also what the system keeps
 * from one incarnation to the next. That is asked to go at once, so that nothing new can take it, and goes when its last
 * pod has gone.
 */
export async function removeIncarnation(
  { resources, lists, leavesOwned }: Removing,
  identity: SystemIdentity,
  signal: AbortSignal,
  { volumes = false, again = false }: { volumes?: boolean; again?: boolean } = {},
): Promise<Removal> {
  const findDoomed = async (freshness: Freshness) => {
    const found = await findAll(lists, identity, freshness, signal)
    return volumes ? [...found, ...(await findKept(resources, identity, signal))] : found
  }
  const found = again ? [] : await findDoomed('cached')
  const doomed = toDelete(found, leavesOwned)
  const changes = await deleteAll(resources, doomed, async () => {}, signal)
  if (doomed.length > 0 && allRun(found)) return { changes, remaining: found.map(subjectOf) }
  const left = await findDoomed('latest')
  const late = await deleteAll(resources, toDelete(left, leavesOwned), async () => {}, signal)
  const idle = left.filter(hasNeverRun)
  const all = [...changes, ...late]
  if (idle.length === 0) return { changes: all, remaining: left.map(subjectOf) }
  await letGo(idle, left, resources, signal)
  return { changes: all, remaining: (await findDoomed('latest')).map(subjectOf) }
}

function toDelete(found: readonly Found[], leavesOwned: boolean): Found[] {
  const deletable = found.filter(isDeletable)
  if (!leavesOwned) return deletable
  const uids = new Set(found.map(({ object }) => object.metadata.uid))
  const isOwned = ({ object }: Found) =>
    (object.metadata.ownerReferences ?? []).some(({ uid }) => uids.has(uid))
  return deletable.filter((one) => !isOwned(one))
}

/** Of a system that has pods, and all of them run or have run, nothing is to be let go of at once. */
function allRun(found: readonly Found[]): boolean {
  const pods = found.filter(({ kind }) => kind.kind === 'Pod')
  return pods.length > 0 && pods.every(({ object }) => toPodState(object).phase !== 'Pending')
}

/** Deletes what carries the sid and stands in none of the stages. */
export async function pruneIncarnation(
  { resources, lists }: Removing,
  identity: SystemIdentity,
  stages: readonly Stage[],
  fence: Fence,
  signal: AbortSignal,
): Promise<ChangeSet> {
  const wanted = new Set(stages.flatMap(({ manifests }) => manifests.map(({ subject }) => subject)))
  const found = await findAll(lists, identity, 'latest', signal)
  const stray = found.filter((one) => !isDerived(one) && !wanted.has(subjectOf(one)) && isDeletable(one))
  return deleteAll(resources, stray, fence.check, signal)
}

/** Deletes these very objects; one that is gone, or another by now, counts for nothing. */
export async function discardObjects(
  { resources, lists }: Removing,
  identity: SystemIdentity,
  objects: readonly LiveObject[],
  signal: AbortSignal,
): Promise<ChangeSet> {
  const uids = new Set(objects.map(({ uid }) => uid))
  const found = await findAll(lists, identity, 'latest', signal)
  const doomed = found.filter((one) => uids.has(one.object.metadata.uid) && isDeletable(one))
  return deleteAll(resources, doomed, async () => {}, signal)
}

async function findAll(
  lists: IncarnationLists,
  identity: SystemIdentity,
  freshness: Freshness,
  signal: AbortSignal,
): Promise<Found[]> {
  const found = await Promise.all(
    kindsOfIncarnation.map((kind) => lists.find(kind, identity, freshness, signal)),
  )
  return found.flat()
}

async function findKept(
  resources: Resources,
  identity: SystemIdentity,
  signal: AbortSignal,
): Promise<Found[]> {
  const kept = kinds.filter(({ role }) => role === 'kept')
  const lists = await Promise.all(
    kept.map(async (kind) => {
      const what = { kind, namespace: identity.namespace, selector: keptSelectorOf(identity) }
      const items = await resources.list({ ...what, metadataOnly: true }, signal)
      return items.map((object) => ({ kind, object }))
    }),
  )
  return lists.flat()
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
