import { listNode, mapNode, type Node, quote, scalarNode, textNode } from '../node.ts'
import type { CanonicalContext, Place } from './canonical-row.ts'

/** `devices`: `/dev/a[:/dev/b[:rwm]]`; a CDI name (`vendor.com/class=device`) has no target. */
export function deviceToLong(node: Node, place: Place, { reporter }: CanonicalContext): Node {
  if (node.kind !== 'scalar' || node.value === null) return node
  const { at, text } = node
  const [source = '', second, third, ...rest] = text.split(':')
  if (source === '' || rest.length > 0) {
    const message = `${quote(node)} is no device: write \`/dev/source:/dev/target:rwm\`.`
    reporter.report({ code: 'INVALID_DEVICE', path: place.path, message, at })
    return scalarNode(null, at)
  }
  const isCdi = !source.startsWith('/') && source.includes('=')
  const permissions = third ?? (second !== undefined && /^[rwm]+$/.test(second) ? second : 'rwm')
  const target = second === undefined || (third === undefined && /^[rwm]+$/.test(second)) ? source : second
  const entries: [string, Node][] = [['source', textNode(source, at)]]
  if (!isCdi) {
    entries.push(['target', textNode(target, at)], ['permissions', textNode(permissions, at)])
  }
  return mapNode(entries, at)
}

/** `gpus: all` asks for every one (specification, "gpus"). */
export function gpusToLong(node: Node, place: Place, { reporter }: CanonicalContext): Node {
  if (node.kind !== 'scalar' || node.value === null) return node
  if (node.text !== 'all') {
    const message = `${quote(node)} can't be the value of \`${place.path}\`: it must be \`all\` or a list.`
    reporter.report({ code: 'INVALID_VALUE', path: place.path, message, at: node.at })
  }
  return listNode([mapNode([['count', textNode('all', node.at)]], node.at)], node.at)
}
