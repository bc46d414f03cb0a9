// An object that a list has found, and its deletion.
import type { Change } from '../../../system/change.ts'
import { codes, hasCode } from './api-error.ts'
import type { Kind } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import type { DeleteOptions, Resources } from './resources.ts'

export type Found = { kind: Kind; object: KubeObject }

export function subjectOf({ kind, object }: Found): string {
  return `${kind.kind}/${object.metadata.name}`
}

/** Whether it goes with its owner, as what a controller made does: a ReplicaSet, a pod, the Job of a CronJob. */
export function isDerived({ kind, object: { metadata } }: Found): boolean {
  return kind.role === 'derived' || (metadata.ownerReferences ?? []).some(({ controller }) => controller)
}

/** What controllers made goes with its owner, unless it has lost it. */
export function standsAlone(one: Found): boolean {
  return !isDerived(one) || (one.object.metadata.ownerReferences ?? []).length === 0
}

/** Undefined where the object is gone, is another by now, or is no longer as `options` demand. */
export async function deleteFound(
  one: Found,
  resources: Resources,
  signal: AbortSignal,
  options: DeleteOptions = {},
): Promise<Change | undefined> {
  const { name, namespace = '', uid } = one.object.metadata
  try {
    await resources.remove({ kind: one.kind, namespace, name }, uid, signal, options)
    return { subject: subjectOf(one), action: 'deleted' }
  } catch (error) {
    if (hasCode(error, codes.notFound) || hasCode(error, codes.conflict)) return undefined
    throw error
  }
}
