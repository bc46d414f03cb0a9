// `!reset` and `!override` say what a file does to those before it; once that is done, they mean nothing to those after.
import type { Entry, ListNode, MapNode, Node } from '../node.ts'

/**
 * The tree without what `!reset` removes, and without tags; the same nodes where there were none. `known` keeps what
 * was found out, as trees share nodes.
 */
export function withoutTags(node: Node, known: Map<Node, Node>): Node {
  if (node.kind === 'scalar') return untagged(node)
  const before = known.get(node)
  if (before) return before
  const clean = node.kind === 'map' ? cleanMap(node, known) : cleanList(node, known)
  known.set(node, clean)
  known.set(clean, clean)
  return clean
}

function cleanMap(node: MapNode, known: Map<Node, Node>): MapNode {
  let entries: Map<string, Entry> | null = null
  for (const [key, { at, value }] of node.entries) {
    const clean = value.tag === 'reset' ? null : withoutTags(value, known)
    if (clean === value) continue
    entries ??= new Map(node.entries)
    if (clean) entries.set(key, { at, value: clean })
    else entries.delete(key)
  }
  return entries ? { kind: 'map', at: node.at, entries } : untagged(node)
}

function cleanList(node: ListNode, known: Map<Node, Node>): ListNode {
  const items = node.items.filter((item) => item.tag !== 'reset').map((item) => withoutTags(item, known))
  const isSame =
    items.length === node.items.length && items.every((item, index) => item === node.items[index])
  return isSame ? untagged(node) : untagged({ ...node, items })
}

function untagged<T extends Node>(node: T): T {
  if (!node.tag) return node
  const { tag: _tag, ...rest } = node
  return rest as T
}
