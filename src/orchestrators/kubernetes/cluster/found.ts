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
