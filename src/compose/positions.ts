// The position of every key path of a file.
import type { Position, Positions } from '../problem.ts'
import type { Node } from './node.ts'
import { itemPath, keyPath } from './path.ts'
import type { Sources } from './sources.ts'

/** Keys of a service that mean the same as keys of its `deploy`, by which the model's readers call them. */
const SPELLINGS: readonly (readonly [called: string, written: string])[] = [
  ['deploy.replicas', 'scale'],
  ['deploy.resources.limits.cpus', 'cpus'],
  ['deploy.resources.limits.memory', 'mem_limit'],
  ['deploy.resources.limits.pids', 'pids_limit'],
  ['deploy.resources.reservations.memory', 'mem_reservation'],
  ['restart', 'deploy.restart_policy'],
]

/**
 * A map entry is where its key is; a list item, where it begins. What stands where its parent does is left out: whoever
 * looks for it finds the parent. Later trees win: the one in long forms has other list indexes than the one as written,
 * and the model speaks of its own. Empty for a file that came as JSON.
 */
export function positionsOf(roots: readonly Node[], sources: Sources): Positions {
  const positions = new Map<string, Position>()
  const note = (path: string, at: number, parentAt: number, node: Node): void => {
    const position = at === parentAt ? undefined : sources.positionOf(at)
    if (position) positions.set(path, position)
    else positions.delete(path)
    visit(node, path, at)
  }
  const visit = (node: Node, path: string, parentAt: number): void => {
    if (node.kind === 'map')
      for (const [key, { at, value }] of node.entries) note(keyPath(path, key), at, parentAt, value)
    if (node.kind === 'list')
      for (const [index, item] of node.items.entries()) note(itemPath(path, index), item.at, parentAt, item)
  }
  for (const root of roots) {
    visit(root, '', -1)
    addSpellings(root, positions)
  }
  return Object.fromEntries(positions)
}

function addSpellings(root: Node, positions: Map<string, Position>): void {
  const services = root.kind === 'map' ? root.entries.get('services')?.value : null
  if (services?.kind !== 'map') return
  for (const name of services.entries.keys()) {
    const path = `services.${name}`
    for (const [called, written] of SPELLINGS) {
      const position = positions.get(`${path}.${written}`)
      if (position && !positions.has(`${path}.${called}`)) positions.set(`${path}.${called}`, position)
    }
  }
}
