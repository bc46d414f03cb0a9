// Short forms that many keys share.
import { type Entry, listNode, mapNode, type Node, scalarNode, textNode } from '../node.ts'
import type { CanonicalContext, Place } from './canonical-row.ts'

/** A text becomes a list of one. */
export function textToList(node: Node): Node {
  return node.kind === 'scalar' && node.value !== null ? listNode([node], node.at) : node
}

/** `- name=value` items become a map, `- name` one without a value. The last of a name wins, at the first one's place. */
export function listToMap(node: Node): Node {
  if (node.kind !== 'list') return node
  const entries = new Map<string, Entry>()
  for (const item of node.items) {
    if (item.kind !== 'scalar' || item.value === null) continue
    const equals = item.text.indexOf('=')
    const name = equals === -1 ? item.text : item.text.slice(0, equals)
    const value =
      equals === -1 ? scalarNode(null, item.at) : textNode(item.text.slice(equals + 1), item.at, item.written)
    entries.set(name, { at: item.at, value })
  }
  return { kind: 'map', at: node.at, entries }
}

/** A list of names becomes a map that says nothing more about them. */
export function namesToMap(node: Node): Node {
  if (node.kind !== 'list') return node
  const entries = new Map<string, Entry>()
  for (const item of node.items) {
    if (item.kind !== 'scalar' || item.value === null) continue
    entries.set(item.text, { at: item.at, value: scalarNode(null, item.at) })
  }
  return { kind: 'map', at: node.at, entries }
}

/** A text becomes a map with this one key. */
export function textToKey(key: string): (node: Node) => Node {
  return (node) => (node.kind === 'scalar' && node.value !== null ? mapNode([[key, node]], node.at) : node)
}

/** `external: {name: x}`, the old form, becomes `external: true` and `name: x` (specification, "external"). */
export function externalToLong(node: Node, place: Place, { reporter }: CanonicalContext): Node {
  if (node.kind !== 'map') return node
  const external = node.entries.get('external')
  if (external?.value.kind !== 'map') return node
  const { at } = external
  const entries = new Map(node.entries).set('external', { at, value: scalarNode(true, at) })
  const name = external.value.entries.get('name')
  if (name && node.entries.has('name')) {
    const message = '`name` and `external.name` exclude each other: give `name` and `external: true`.'
    reporter.report({ code: 'CONFLICTING_KEYS', path: `${place.path}.external`, message, at: name.at })
  } else if (name) entries.set('name', name)
  return { ...node, entries }
}
