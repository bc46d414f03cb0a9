// A file that says what is so anyway means the same as one that is silent. So a file that was printed in canonical form,
// where all of this is written out, gives the same SystemSpec as the one that it was printed from.
import { booleanAt, child, listAt, type MapNode, mapAt, type Node, textAt } from '../node.ts'
import { DOCKERFILE, impliedName, secretTarget } from './implied.ts'

const RESOURCES = ['networks', 'volumes', 'configs', 'secrets'] as const
const DEFAULT_NETWORK = 'default'

/** Changes the tree in place. `project`: its name, where it is known apart from the file. */
export function leaveOutImplied(root: MapNode, project: string | null): void {
  for (const section of RESOURCES) {
    for (const [key, { value }] of mapAt(root, section)?.entries ?? []) {
      if (value.kind === 'map') leaveOutName(value, key, project ?? textAt(root, 'name'))
    }
  }
  const networks = mapAt(root, 'networks')
  if (saysNothing(child(networks, DEFAULT_NETWORK))) networks?.entries.delete(DEFAULT_NETWORK)
  for (const { value } of mapAt(root, 'services')?.entries.values() ?? []) {
    if (value.kind === 'map') leaveOutOfService(value)
  }
}

function leaveOutName(resource: MapNode, key: string, project: string | null): void {
  const implied = impliedName(key, booleanAt(resource, 'external') ?? false, project)
  if (implied !== null && textAt(resource, 'name') === implied) resource.entries.delete('name')
}

function leaveOutOfService(service: MapNode): void {
  const networks = mapAt(service, 'networks')
  const isDefault = networks?.entries.size === 1 && saysNothing(child(networks, DEFAULT_NETWORK))
  if (isDefault && !service.entries.has('network_mode')) service.entries.delete('networks')
  const build = mapAt(service, 'build')
  if (textAt(build, 'dockerfile') === DOCKERFILE) build?.entries.delete('dockerfile')
  for (const grant of listAt(service, 'secrets')?.items ?? []) {
    if (grant.kind !== 'map') continue
    const source = textAt(grant, 'source') ?? ''
    if (textAt(grant, 'target') === secretTarget(source)) grant.entries.delete('target')
  }
}

/** A network of which nothing is said, be it in maps that are empty. */
function saysNothing(node: Node | null): boolean {
  if (node?.kind === 'scalar') return node.value === null
  return node?.kind === 'map' && [...node.entries.values()].every(({ value }) => saysNothing(value))
}
