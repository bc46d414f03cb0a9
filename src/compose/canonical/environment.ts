import type { Entry, Node } from '../node.ts'
import { mapValues, scalarNode, textNode } from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import type { Reporter } from '../report.ts'
import type { CanonicalContext, Place } from './canonical-row.ts'

/** `environment`: `NAME=value` items become a map; `NAME` alone becomes an empty value. The last of a name wins. */
export function environmentToLong(node: Node, place: Place, { reporter }: CanonicalContext): Node {
  if (node.kind === 'map') {
    return mapValues(node, ({ at, value }, name) => {
      if (!isName(name)) reportName(at, keyPath(place.path, name), reporter)
      return toText(value)
    })
  }
  if (node.kind !== 'list') return node
  const entries = new Map<string, Entry>()
  for (const [index, item] of node.items.entries()) {
    if (item.kind !== 'scalar' || item.value === null) continue
    const equals = item.text.indexOf('=')
    const name = equals === -1 ? item.text : item.text.slice(0, equals)
    if (!isName(name)) reportName(item.at, itemPath(place.path, index), reporter)
    const value = equals === -1 ? scalarNode(null, item.at) : textNode(item.text.slice(equals + 1), item.at)
    entries.set(name, { at: item.at, value })
  }
  return { kind: 'map', at: node.at, entries }
}

/** A variable's value is text, whatever it looks like; none stays none. */
function toText(node: Node): Node {
  if (node.kind !== 'scalar' || node.value === null || typeof node.value === 'string') return node
  return textNode(node.text, node.at, node.written)
}

/** POSIX (XBD 8.1): any name without `=` and NUL. */
function isName(name: string): boolean {
  return name !== '' && !name.includes('=') && !name.includes('\0')
}

function reportName(at: number, path: string, reporter: Reporter): void {
  const message = 'A variable needs a name, and no `=` in it: write `NAME: value` or `- NAME=value`.'
  reporter.report({ code: 'INVALID_VARIABLE_NAME', path, message, at })
}
