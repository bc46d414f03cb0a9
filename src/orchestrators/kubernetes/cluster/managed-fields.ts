// Who owns which field (https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management).
// What a POST wrote belongs to `tycho:Update`; a later apply by the same manager does not take that over, and a field
// that the new manifest drops would stay. So the entry is made one of `Apply` before the first apply.
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject, ManagedFields } from './objects.ts'
import { fieldManager } from './resources.ts'

/** The entries with ours moved from Update to Apply; undefined when there is none to move. */
export function movedToApply(entries: readonly ManagedFields[] | undefined): ManagedFields[] | undefined {
  const ours = (entry: ManagedFields) => entry.manager === fieldManager && !entry.subresource
  const moved = entries?.filter((entry) => ours(entry) && entry.operation === 'Update') ?? []
  if (!entries || moved.length === 0) return undefined
  const applied = entries.filter((entry) => ours(entry) && entry.operation === 'Apply')
  const fields = [...applied, ...moved].map(({ fieldsV1 }) => fieldsV1).reduce(union)
  const kept = entries.filter((entry) => !ours(entry))
  return [...kept, { ...moved[0], operation: 'Apply', fieldsV1: fields }]
}

/** Both trees of fields. */
function union(a: unknown, b: unknown): unknown {
  if (!isTree(a) || !isTree(b)) return a ?? b
  const shared = Object.entries(b).map(([key, value]) => [key, key in a ? union(a[key], value) : value])
  return { ...a, ...Object.fromEntries(shared) }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether two states of an object differ in nothing but bookkeeping: versions, times, field owners, status. */
export function isSameContent(a: KubeObject, b: KubeObject): boolean {
  return isDeepStrictEqual(content(a), content(b))
}

function content({ status: _status, metadata, ...others }: KubeObject): unknown {
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...kept } = metadata
  return { ...others, metadata: kept }
}
