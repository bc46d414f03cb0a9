// Brings two forms of one value together, so that they can be merged.
import {
  type Entry,
  type ListNode,
  listNode,
  type MapNode,
  mapNode,
  type Node,
  scalarNode,
  textNode,
} from '../node.ts'
import type { MergeForm } from './merge-row.ts'

/** `key=value` items as a map; `key` alone has no value. null where an item is no text. */
export function pairsToMap(list: ListNode): MapNode | null {
  const entries = new Map<string, Entry>()
  for (const item of list.items) {
    if (item.kind !== 'scalar' || item.value === null) return null
    const equals = item.text.indexOf('=')
    const name = equals === -1 ? item.text : item.text.slice(0, equals)
    const value =
      equals === -1 ? scalarNode(null, item.at) : textNode(item.text.slice(equals + 1), item.at, item.written)
    entries.set(name, { at: item.at, value })
  }
  return { kind: 'map', at: list.at, entries }
}

/** A map of hosts as `host=address` items, several for a host with several addresses. */
export function hostsToList(map: MapNode): ListNode | null {
  const items: Node[] = []
  for (const [host, { value }] of map.entries) {
    const addresses = value.kind === 'list' ? value.items : [value]
    for (const address of addresses) {
      if (address.kind !== 'scalar') return null
      items.push(textNode(`${host}=${address.text}`, address.at, address.written))
    }
  }
  return listNode(items, map.at)
}

/** The keys of a list as a map; of `depends_on` with the condition that the short form means. */
export function namesToMap(list: ListNode, path: string): MapNode | null {
  const isDependencies = path.endsWith('.depends_on')
  const entries: [string, Node][] = []
  for (const item of list.items) {
    if (item.kind !== 'scalar' || item.value === null) return null
    const { at } = item
    const started = mapNode([['condition', textNode('service_started', at)]], at)
    entries.push([item.text, isDependencies ? started : scalarNode(null, at)])
  }
  return mapNode(entries, list.at)
}

/** The node in the form in which `form` is merged; null where it can't be had. */
export function toMergeable(node: Node, form: MergeForm, path: string): Node | null {
  if (form === 'hosts') return node.kind === 'map' ? hostsToList(node) : node
  if (form === 'names') return node.kind === 'list' ? namesToMap(node, path) : node
  if (form === 'texts') return node.kind === 'list' ? node : listNode([node], node.at)
  if (form === 'build') return node.kind === 'scalar' ? mapNode([['context', node]], node.at) : node
  return node
}
