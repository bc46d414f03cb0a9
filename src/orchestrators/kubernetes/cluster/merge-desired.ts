// What a server-side apply should make of a live object, worked out here for servers whose own merge falls short:
// before 1.21 it takes only the leaves out of a structure that is no longer wanted, and what stays of it (a probe
// without a handler) is refused (https://github.com/kubernetes/kubernetes/issues/99037). Pure.
import type { Body } from './desired.ts'
import { isOurs, unionOf } from './managed-fields.ts'
import type { KubeObject } from './objects.ts'
import { isTree, type Tree, toTree } from './tree.ts'

/** `drops`: a structure that we own and no longer want is gone, so this may be taken where an apply is refused. */
export type Merged = { object: Tree; drops: boolean }

/** Who owns what of one value: trees of fields, undefined for nothing; and whom to tell of a structure that goes. */
type Owners = { ours: unknown; others: unknown; onDrop: () => void }

/**
 * The live object with all that we want and without what we own and no longer want; what others own, and what nobody
 * does, stays. Lists and maps that are owned as a whole only, not by their parts, are replaced as a whole.
 */
export function mergeDesired(live: KubeObject, body: Body): Merged {
  const entries = live.metadata.managedFields ?? []
  let drops = false
  const owners: Owners = {
    ours: unionOf(entries.filter(isOurs)),
    others: unionOf(entries.filter((entry) => !isOurs(entry))),
    onDrop: () => {
      drops = true
    },
  }
  return { object: mergeMap({ ...live }, body, owners), drops }
}

/** `live` or `wanted` is undefined where it does not have the value; so is the answer where the value goes. */
function mergeValue(live: unknown, wanted: unknown, owners: Owners): unknown {
  if (live === undefined) return wanted
  if (wanted === undefined && owners.ours === undefined) return live
  if (wanted === undefined && owners.others === undefined) {
    if (typeof live === 'object') owners.onDrop()
    return undefined
  }
  if (isTree(live) && isTree(wanted ?? {}) && !isOwnedAsWhole(owners)) {
    return mergeMap(live, toTree(wanted), owners)
  }
  if (Array.isArray(live) && Array.isArray(wanted ?? []) && keyedStepsOf(owners).length > 0) {
    return mergeList(live, Array.isArray(wanted) ? wanted : [], owners)
  }
  return wanted ?? live
}

function mergeMap(live: Tree, wanted: Tree, owners: Owners): Tree {
  const keys = [...new Set([...Object.keys(live), ...Object.keys(wanted)])]
  const entries = keys.map((key): [string, unknown] => [
    key,
    mergeValue(live[key], wanted[key], ownersAt(owners, `f:${key}`)),
  ])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** Elements are the same where their keys are; the wanted ones come first, in their order. */
function mergeList(live: readonly unknown[], wanted: readonly unknown[], owners: Owners): unknown[] {
  const steps = keyedStepsOf(owners)
  const names = Object.keys(steps[0]?.key ?? {})
  const idOf = (element: unknown) => JSON.stringify(names.map((name) => toTree(element)[name]))
  const byId = (elements: readonly unknown[]) => new Map(elements.map((element) => [idOf(element), element]))
  const stepById = new Map(steps.map(({ step, key }) => [idOf(key), step]))
  const [liveById, wantedById] = [byId(live), byId(wanted)]
  return [...new Set([...wantedById.keys(), ...liveById.keys()])]
    .map((id) => mergeValue(liveById.get(id), wantedById.get(id), ownersAt(owners, stepById.get(id))))
    .filter((element) => element !== undefined)
}

function ownersAt({ ours, others, onDrop }: Owners, step: string | undefined): Owners {
  const at = (fields: unknown) => (step === undefined ? undefined : toTree(fields)[step])
  return { ours: at(ours), others: at(others), onDrop }
}

/** `f:` is a key of a map. */
function isOwnedAsWhole(owners: Owners): boolean {
  const isOwned = owners.ours !== undefined || owners.others !== undefined
  return isOwned && !stepsOf(owners).some((step) => step.startsWith('f:'))
}

/** `k:{"name":"web"}` is the element of a list that has this key. */
function keyedStepsOf(owners: Owners): { step: string; key: Tree }[] {
  const steps = stepsOf(owners).filter((step) => step.startsWith('k:'))
  return steps.map((step) => ({ step, key: toTree(JSON.parse(step.slice(2))) }))
}

function stepsOf({ ours, others }: Owners): string[] {
  return [...Object.keys(toTree(ours)), ...Object.keys(toTree(others))]
}
