import type { Extensions } from '../../system/spec.ts'
import { KEYS } from '../keys/table.ts'
import { type MapNode, toPlain } from '../node.ts'

/** Keys that are no part of the specification and go on unread all the same. */
const CARRIED = new Set(
  KEYS.flatMap(({ path, fate }) => (fate === 'carried' ? [path.slice(path.lastIndexOf('.') + 1)] : [])),
)

/** The `x-*` keys of a map, unread (specification, "Extensions"), and what is carried as they are. */
export function buildExtensions(map: MapNode): Extensions {
  const own: [string, unknown][] = []
  for (const key of map.entries.keys()) {
    if (!key.startsWith('x-') && !CARRIED.has(key)) continue
    const entry = map.entries.get(key)
    if (entry) own.push([key, toPlain(entry.value)])
  }
  return own.length === 0 ? {} : Object.fromEntries(own)
}
