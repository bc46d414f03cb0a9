import { type MapNode, mapNode, type Node, quote, scalarNode, textNode } from '../node.ts'
import { parseShortMount, type ShortMount } from '../values/mount.ts'
import type { CanonicalContext, Place } from './canonical-row.ts'

/** `volumes`: each short form becomes a long form (specification, "volumes", short syntax). */
export function mountToLong(node: Node, place: Place, { reporter }: CanonicalContext): Node {
  if (node.kind !== 'scalar' || node.value === null) return node
  const mount = parseShortMount(node.text)
  if (!mount) {
    const message = `${quote(node)} is no mount: write \`name:/path\`, \`./folder:/path:ro\` or \`/path\`.`
    reporter.report({ code: 'INVALID_MOUNT', path: place.path, message, at: node.at })
    return scalarNode(null, node.at)
  }
  for (const option of mount.unknown) {
    const message = `\`${option}\` is no option of a mount and has no effect: remove it.`
    reporter.report({ code: 'UNKNOWN_OPTION', severity: 'warning', path: place.path, message, at: node.at })
  }
  return toLong(mount, node.at)
}

function toLong(mount: ShortMount, at: number): MapNode {
  const entries: [string, Node][] = [['type', textNode(mount.type, at)]]
  const text = (key: string, value: string | null) => {
    if (value !== null) entries.push([key, textNode(value, at)])
  }
  text('source', mount.source)
  text('target', mount.target)
  if (mount.readOnly) entries.push(['read_only', scalarNode(true, at)])
  text('consistency', mount.consistency)
  if (mount.type === 'bind') entries.push(['bind', bindNode(mount, at)])
  if (mount.type === 'volume') entries.push(['volume', volumeNode(mount, at)])
  return mapNode(entries, at)
}

/** The short form makes the folder on the host where it is not there (specification, "create_host_path"). */
function bindNode({ selinux, propagation }: ShortMount, at: number): MapNode {
  const entries: [string, Node][] = [['create_host_path', scalarNode(true, at)]]
  if (selinux) entries.push(['selinux', textNode(selinux, at)])
  if (propagation) entries.push(['propagation', textNode(propagation, at)])
  return mapNode(entries, at)
}

function volumeNode({ noCopy }: ShortMount, at: number): MapNode {
  return mapNode(noCopy ? [['nocopy', scalarNode(true, at)]] : [], at)
}
