// Turns a Compose file that came as JSON into the same tree as YAML gives, without places.
import type { ComposeLimits } from '../limits.ts'
import { type MapNode, type Node, type ScalarNode, scalarNode, textNode } from '../node.ts'
import { tooDeep, tooLarge } from './read-error.ts'
import { floatText } from './yaml-scalar.ts'

const NOWHERE = -1

/** Throws ReadError beyond the limits for depth and size (characters of keys and texts, and one per node). */
export function readJson(value: unknown, limits: ComposeLimits): Node {
  let size = 0
  const charge = (characters: number) => {
    size += characters + 1
    if (size > limits.textBytes) throw tooLarge(limits)
  }
  const read = (item: unknown, depth: number): Node => {
    if (depth > limits.depth) throw tooDeep(limits, NOWHERE)
    if (Array.isArray(item)) {
      charge(0)
      return { kind: 'list', at: NOWHERE, items: item.map((each) => read(each, depth + 1)) }
    }
    if (item !== null && typeof item === 'object') return readMap(item, depth)
    const scalar = readScalar(item)
    charge(scalar.text.length)
    return scalar
  }
  const readMap = (map: object, depth: number): MapNode => {
    const entries: MapNode['entries'] = new Map()
    for (const [key, item] of Object.entries(map)) {
      charge(key.length)
      entries.set(key, { at: NOWHERE, value: read(item, depth + 1) })
    }
    return { kind: 'map', at: NOWHERE, entries }
  }
  return read(value, 0)
}

function readScalar(value: unknown): ScalarNode {
  switch (typeof value) {
    case 'string':
      return textNode(value, NOWHERE)
    case 'boolean':
      return scalarNode(value, NOWHERE)
    case 'number': {
      const text = Number.isInteger(value) ? String(value) : floatText(value)
      return { kind: 'scalar', at: NOWHERE, value, text }
    }
    default:
      return scalarNode(null, NOWHERE)
  }
}
