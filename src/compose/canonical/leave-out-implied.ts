// A file that says what is so anyway means the same as one that is silent. So a file that was printed in canonical form,
// where all of this is written out, gives the same SystemSpec as the one that it was printed from.
import {
  booleanAt,
  child,
  listAt,
  type MapNode,
  mapAt,
  mapItems,
  mapValues,
  type Node,
  textAt,
  withValue,
} from '../node.ts'
import { DOCKERFILE, impliedName, secretTarget } from './implied.ts'

const RESOURCES = ['networks', 'volumes', 'configs', 'secrets'] as const
const DEFAULT_NETWORK = 'default'

/** The tree without it. `project`: its name, where it is known apart from the file; asked for only where it matters. */
export function leaveOutImplied(root: MapNode, project: () => string | null): MapNode {
  const named = RESOURCES.reduce((tree, section) => {
    const withoutNames = (resource: MapNode, key: string) =>
      leaveOutName(resource, key, () => project() ?? textAt(root, 'name'))
    return withMaps(tree, section, withoutNames)
  }, root)
  return withMaps(leaveOutDefaultNetwork(named), 'services', leaveOutOfService)
}

/** The tree with what `change` makes of each map of a section. */
function withMaps(root: MapNode, key: string, change: (map: MapNode, name: string) => MapNode): MapNode {
  const section = mapAt(root, key)
  if (!section) return root
  const changed = mapValues(section, ({ value }, name) =>
    value.kind === 'map' ? change(value, name) : value,
  )
  return withValue(root, key, changed)
}

function leaveOutName(resource: MapNode, key: string, project: () => string | null): MapNode {
  const name = textAt(resource, 'name')
  if (name === null) return resource
  const implied = impliedName(key, booleanAt(resource, 'external') ?? false, project())
  return name === implied ? withValue(resource, 'name', null) : resource
}

function leaveOutDefaultNetwork(root: MapNode): MapNode {
  const networks = mapAt(root, 'networks')
  const isSilent = networks && saysNothing(child(networks, DEFAULT_NETWORK))
  return isSilent ? withValue(root, 'networks', withValue(networks, DEFAULT_NETWORK, null)) : root
}

function leaveOutOfService(service: MapNode): MapNode {
  return leaveOutTargets(leaveOutDockerfile(leaveOutNetworks(service)))
}

function leaveOutNetworks(service: MapNode): MapNode {
  const networks = mapAt(service, 'networks')
  const isDefault = networks?.entries.size === 1 && saysNothing(child(networks, DEFAULT_NETWORK))
  return isDefault && !service.entries.has('network_mode') ? withValue(service, 'networks', null) : service
}

function leaveOutDockerfile(service: MapNode): MapNode {
  const build = mapAt(service, 'build')
  const isUsual = build && textAt(build, 'dockerfile') === DOCKERFILE
  return isUsual ? withValue(service, 'build', withValue(build, 'dockerfile', null)) : service
}

function leaveOutTargets(service: MapNode): MapNode {
  const secrets = listAt(service, 'secrets')
  return secrets ? withValue(service, 'secrets', mapItems(secrets, leaveOutTarget)) : service
}

function leaveOutTarget(grant: Node): Node {
  if (grant.kind !== 'map') return grant
  const source = textAt(grant, 'source') ?? ''
  return textAt(grant, 'target') === secretTarget(source) ? withValue(grant, 'target', null) : grant
}

/** A network of which nothing is said, be it in maps that are empty. */
function saysNothing(node: Node | null): boolean {
  if (node?.kind === 'scalar') return node.value === null
  return node?.kind === 'map' && [...node.entries.values()].every(({ value }) => saysNothing(value))
}
