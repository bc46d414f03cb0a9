import { type Entry, type ListNode, listNode, type Node, quote, type ScalarNode, textNode } from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import type { CanonicalContext, Place } from './canonical-row.ts'

/** `extra_hosts`: every form becomes a map of host names to lists of addresses (specification, "extra_hosts"). */
export function extraHostsToLong(node: Node, place: Place, context: CanonicalContext): Node {
  if (node.kind === 'scalar') return node
  const entries = new Map<string, Entry>()
  const add = (host: string, at: number, addresses: ScalarNode[]) => {
    const known = entries.get(host)?.value
    const items = known?.kind === 'list' ? [...known.items, ...addresses] : addresses
    entries.set(host, { at: entries.get(host)?.at ?? at, value: listNode(items, at) })
  }
  if (node.kind === 'map') {
    for (const [host, { at, value }] of node.entries) {
      const addresses = addressesOf(value)
      if (/^[^=:\s]+$/.test(host) && addresses.length > 0) add(host, at, addresses)
      else reportHost(`\`${host}\``, keyPath(place.path, host), at, context)
    }
  } else addItems(node, place, context, add)
  return { kind: 'map', at: node.at, entries }
}

function addItems(
  node: ListNode,
  place: Place,
  context: CanonicalContext,
  add: (host: string, at: number, addresses: ScalarNode[]) => void,
): void {
  for (const [index, item] of node.items.entries()) {
    if (item.kind !== 'scalar' || item.value === null) continue
    const [, host, text = ''] = /^\s*([^=:\s]+)\s*[=:](.+)$/s.exec(item.text) ?? []
    const addresses = addressesOf(textNode(text, item.at, item.written))
    if (host !== undefined && addresses.length > 0) add(host, item.at, addresses)
    else reportHost(quote(item), itemPath(place.path, index), item.at, context)
  }
}

function reportHost(quoted: string, path: string, at: number, { reporter }: CanonicalContext): void {
  const message = `${quoted} names no host and address: write \`host=address\`.`
  reporter.report({ code: 'INVALID_EXTRA_HOST', path, message, at })
}

function addressesOf(node: Node): ScalarNode[] {
  if (node.kind === 'list')
    return node.items.filter((item) => item.kind === 'scalar').flatMap((item) => addressesOf(item))
  if (node.kind !== 'scalar' || node.value === null) return []
  const addresses = node.text.split(',').map((text) => text.trim().replace(/^\[(.*)\]$/, '$1'))
  return addresses.filter((text) => text !== '').map((text) => textNode(text, node.at, node.written))
}
