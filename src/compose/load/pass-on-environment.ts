// Variables of a service that have no value take that of the project which the service belongs to.
import type { Environment } from '../interpolate.ts'
import { type Entry, type MapNode, mapAt, type Node, type ScalarNode, textNode } from '../node.ts'

/** The project with such variables filled in, where `environment` has them (specification, "environment"). */
export function passOnEnvironment(root: MapNode, environment: Environment): MapNode {
  const services = mapAt(root, 'services')
  if (!services) return root
  const entries = new Map<string, Entry>()
  for (const [name, { at, value }] of services.entries)
    entries.set(name, { at, value: fillService(value, environment) })
  const section = { at: services.at, value: { ...services, entries } }
  return { ...root, entries: new Map(root.entries).set('services', section) }
}

function fillService(service: Node, environment: Environment): Node {
  const entry = service.kind === 'map' ? service.entries.get('environment') : undefined
  if (service.kind !== 'map' || !entry) return service
  const value = fillVariables(entry.value, environment)
  return { ...service, entries: new Map(service.entries).set('environment', { at: entry.at, value }) }
}

function fillVariables(variables: Node, environment: Environment): Node {
  if (variables.kind === 'scalar') return variables
  if (variables.kind === 'map') return fillMap(variables, environment)
  const items = variables.items.map((item) => (item.kind === 'scalar' ? fillItem(item, environment) : item))
  return { ...variables, items }
}

function fillMap(map: MapNode, environment: Environment): MapNode {
  const entries = new Map<string, Entry>()
  for (const [name, { at, value }] of map.entries) {
    const known = value.kind === 'scalar' && value.value === null ? knownAs(environment, name) : undefined
    entries.set(name, { at, value: known === undefined ? value : textNode(known, at, name) })
  }
  return { ...map, entries }
}

function fillItem(item: ScalarNode, environment: Environment): ScalarNode {
  const known = item.text.includes('=') ? undefined : knownAs(environment, item.text)
  return known === undefined ? item : textNode(`${item.text}=${known}`, item.at, item.text)
}

function knownAs(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined
}
