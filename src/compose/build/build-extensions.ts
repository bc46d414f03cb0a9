import type { Extensions } from '../../system/spec.ts'
import { type MapNode, toPlain } from '../node.ts'

/** The `x-*` keys of a map, unread (specification, "Extensions"). */
export function buildExtensions(map: MapNode): Extensions {
  const own = [...map.entries].filter(([key]) => key.startsWith('x-'))
  return Object.fromEntries(own.map(([key, { value }]) => [key, toPlain(value)]))
}
