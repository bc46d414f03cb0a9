import { type Entry, type MapNode, type Node, scalarNode, textNode } from '../node.ts'

/** `depends_on`: a list of names becomes a map; `restart` and `required` get their defaults (specification). */
export function dependsOnToLong(node: Node): Node {
  const entries = new Map<string, Entry>()
  if (node.kind === 'map') {
    for (const [name, { at, value }] of node.entries) {
      if (value.kind === 'map') entries.set(name, { at, value: withDefaults(value) })
    }
  }
  if (node.kind === 'list') {
    for (const item of node.items) {
      if (item.kind !== 'scalar' || item.value === null) continue
      const condition = { at: item.at, value: textNode('service_started', item.at) }
      const value: MapNode = { kind: 'map', at: item.at, entries: new Map([['condition', condition]]) }
      entries.set(item.text, { at: item.at, value: withDefaults(value) })
    }
  }
  return { kind: 'map', at: node.at, entries }
}

function withDefaults(dependency: MapNode): MapNode {
  const { at } = dependency
  const entries = new Map<string, Entry>([
    ['restart', { at, value: scalarNode(false, at) }],
    ['required', { at, value: scalarNode(true, at) }],
    ...dependency.entries,
  ])
  return { kind: 'map', at, entries }
}
