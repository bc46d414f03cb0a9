// The position of every key path of a file.
import type { Position, Positions } from '../problem.ts'
import type { Node } from './node.ts'
import { itemPath, keyPath } from './path.ts'
import type { Sources } from './sources.ts'

/** A map entry is where its key is; a list item, where it begins. Empty for a file that came as JSON. */
export function positionsOf(root: Node, sources: Sources): Positions {
  const positions: [string, Position][] = []
  const note = (path: string, at: number, node: Node): void => {
    const position = sources.positionOf(at)
    if (!position) return
    positions.push([path, position])
    visit(node, path)
  }
  const visit = (node: Node, path: string): void => {
    if (node.kind === 'map')
      for (const [key, { at, value }] of node.entries) note(keyPath(path, key), at, value)
    if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) note(itemPath(path, index), item.at, item)
  }
  visit(root, '')
  return Object.fromEntries(positions)
}
