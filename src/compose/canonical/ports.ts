import { byPort } from '../merge/identities.ts'
import { unite } from '../merge/merge.ts'
import { type MapNode, type Node, quote, type ScalarNode, scalarNode, textNode } from '../node.ts'
import { itemPath } from '../path.ts'
import type { PortRange, ShortPort } from '../values/port.ts'
import { parseShortPort } from '../values/port.ts'
import type { CanonicalContext, Place } from './canonical-row.ts'
import { chargePorts } from './charge-ports.ts'

/** `ports`: each short form becomes a long form, and each range of targets one long form per port. */
export function portsToLong(node: Node, place: Place, context: CanonicalContext): Node {
  if (node.kind !== 'list') return node
  const items: Node[] = []
  for (const [index, item] of node.items.entries()) {
    const longs = item.kind === 'scalar' ? shortToLong(item, index, place, context) : [item]
    if (items.length + longs.length > context.limits.ports) {
      const message = `The service has more than ${context.limits.ports} ports: publish fewer.`
      context.reporter.report({ code: 'TOO_MANY_PORTS', path: place.path, message })
      break
    }
    if (!chargePorts(longs.length, place, context)) break
    items.push(...longs)
  }
  // Only now is it seen that a port of one file is part of a range of another.
  return { kind: 'list', at: node.at, items: node.isMerged ? unite(items, byPort) : items }
}

function shortToLong(
  node: ScalarNode,
  index: number,
  place: Place,
  { reporter, limits }: CanonicalContext,
): MapNode[] {
  if (node.value === null) return []
  const parsed = parseShortPort(node.text)
  if (!parsed.ok) {
    const { code, reason } = parsed.complaint
    const message = `${quote(node)} gives no port (${reason}): write \`8080:80\`, \`80\` or \`127.0.0.1:8080:80/udp\`.`
    const path = itemPath(place.path, index)
    reporter.report({ code, path, message, at: node.at })
    return []
  }
  const { target } = parsed.value
  // One more than the limit is enough to be refused, and does not fill the memory first.
  const count = Math.min(target.to - target.from, limits.ports) + 1
  return Array.from({ length: count }, (_, index) => toLong(parsed.value, index, node.at))
}

function toLong(port: ShortPort, index: number, at: number): MapNode {
  const { target, protocol, hostIp, published } = port
  const entries: MapNode['entries'] = new Map()
  const set = (key: string, value: Node) => entries.set(key, { at, value })
  set('mode', textNode('ingress', at))
  set('target', scalarNode(target.from + index, at))
  set('protocol', textNode(protocol, at))
  if (hostIp !== null) set('host_ip', textNode(hostIp, at))
  if (published) set('published', textNode(publishedAt(published, target, index), at))
  return { kind: 'map', at, entries }
}

/** The port beside a target of a range; all of the range for a single target. */
function publishedAt(published: PortRange, target: PortRange, index: number): string {
  if (published.from === published.to) return String(published.from)
  if (target.from === target.to) return `${published.from}-${published.to}`
  return String(published.from + index)
}
