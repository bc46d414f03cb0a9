// Who owns which field (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
// What a POST wrote belongs to `tycho:Update`; a later apply by the same manager does not take that over, and a field
// that the new manifest drops would stay. So the entry is made one of `Apply` before the first apply.
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, ManagedFields } from './objects.ts'
import { fieldManager } from './resources.ts'
import { revisionAnnotation } from './seen-deployment.ts'
import { isTree } from './tree.ts'

/** The entries with ours moved from Update to Apply; undefined when there is none to move. */
export function movedToApply(entries: readonly ManagedFields[] | undefined): ManagedFields[] | undefined {
  const moved = entries?.filter((entry) => isOurs(entry) && entry.operation === 'Update') ?? []
  if (!entries || moved.length === 0) return undefined
  const applied = entries.filter((entry) => isOurs(entry) && entry.operation === 'Apply')
  const kept = entries.filter((entry) => !isOurs(entry))
  return [...kept, { ...moved[0], operation: 'Apply', fieldsV1: unionOf([...applied, ...moved]) }]
}

/** Whether the fields of an entry are Tycho's. */
export function isOurs({ manager, subresource }: ManagedFields): boolean {
  return manager === fieldManager && !subresource
}

/** All fields of the entries as one tree; undefined for none. */
export function unionOf(entries: readonly ManagedFields[]): unknown {
  return entries.map(({ fieldsV1 }) => fieldsV1).reduce(union, undefined)
}

function union(a: unknown, b: unknown): unknown {
  if (!isTree(a) || !isTree(b)) return a ?? b
  const shared = Object.entries(b).map(([key, value]) => [key, key in a ? union(a[key], value) : value])
  return { ...a, ...Object.fromEntries(shared) }
}

/** Whether two states of an object differ in nothing but bookkeeping: versions, field owners, rollout number, status. */
export function isSameContent(a: KubeObject, b: KubeObject): boolean {
  return isDeepStrictEqual(content(a), content(b))
}

function content({ status: _status, metadata, ...others }: KubeObject): unknown {
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...kept } = metadata
  const { [revisionAnnotation]: _revision, ...annotations } = metadata.annotations ?? {}
  return { ...others, metadata: { ...kept, annotations } }
}
