import { type Entry, type MapNode, type Node, scalarNode, textNode } from '../node.ts'

/** `depends_on`: a list of names becomes a map; `restart` and `required` get their defaults (specification). */
export function dependsOnToLong(node: Node): Node {
  const entries = new Map<string, Entry>()
  if (node.kind === 'map') {
    for (const [name, { at, value }] of node.entries) {
      if (value.kind !== 'map') continue
      const whole = withDefaults(value.at)
      for (const [key, entry] of value.entries) whole.entries.set(key, entry)
      entries.set(name, { at, value: whole })
    }
  }
  if (node.kind === 'list') {
    for (const item of node.items) {
      if (item.kind !== 'scalar' || item.value === null) continue
      const value = withDefaults(item.at)
      value.entries.set('condition', { at: item.at, value: textNode('service_started', item.at) })
      entries.set(item.text, { at: item.at, value })
    }
  }
  return { kind: 'map', at: node.at, entries }
}

function withDefaults(at: number): MapNode {
  const entries = new Map<string, Entry>()
  entries.set('restart', { at, value: scalarNode(false, at) })
  entries.set('required', { at, value: scalarNode(true, at) })
  return { kind: 'map', at, entries }
}
