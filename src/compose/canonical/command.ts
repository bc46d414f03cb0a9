import { listNode, type Node, quote, textNode } from '../node.ts'
import { splitWords } from '../values/words.ts'
import type { CanonicalContext, Place } from './canonical-row.ts'

/** `command` and `entrypoint`: a text is split into words; an empty one is an empty list. */
export function commandToLong(node: Node, place: Place, { reporter }: CanonicalContext): Node {
  if (node.kind !== 'scalar' || node.value === null) return node
  const words = splitWords(node.text)
  if (!words) {
    const message = `${quote(node)} has a quote that is not closed, or ends in a backslash: close it, or give a list.`
    reporter.report({ code: 'INVALID_COMMAND', path: place.path, message, at: node.at })
  }
  return listNode(
    (words ?? []).map((word) => textNode(word, node.at, node.written)),
    node.at,
  )
}
