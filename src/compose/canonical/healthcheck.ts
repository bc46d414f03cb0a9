import { child, listNode, type Node, textNode } from '../node.ts'

/** `healthcheck.test`: a text is a command for the image's shell (specification, "healthcheck"). */
export function healthcheckToLong(node: Node): Node {
  const test = node.kind === 'map' ? child(node, 'test') : null
  if (node.kind !== 'map' || test?.kind !== 'scalar') return node
  const value = listNode([textNode('CMD-SHELL', test.at), test], test.at)
  return { ...node, entries: new Map(node.entries).set('test', { at: test.at, value }) }
}
