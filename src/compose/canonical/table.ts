// Every short form of a service, each turned into its long form once, so that all that follows sees one shape.
import { type Entry, type MapNode, mapAt } from '../node.ts'
import { keyPath } from '../path.ts'
import type { CanonicalContext, CanonicalRow } from './canonical-row.ts'
import { commandToLong } from './command.ts'
import { dependsOnToLong } from './depends-on.ts'
import { environmentToLong } from './environment.ts'
import { healthcheckToLong } from './healthcheck.ts'
import { portsToLong } from './ports.ts'

export const CANONICAL: readonly CanonicalRow[] = [
  { key: 'command', about: 'a text is split into words', toLong: commandToLong },
  { key: 'entrypoint', about: 'a text is split into words', toLong: commandToLong },
  { key: 'environment', about: 'a list becomes a map', toLong: environmentToLong },
  { key: 'ports', about: 'short forms and ranges become one long form per port', toLong: portsToLong },
  { key: 'depends_on', about: 'a list becomes a map with conditions', toLong: dependsOnToLong },
  { key: 'healthcheck', about: 'a text test becomes CMD-SHELL', toLong: healthcheckToLong },
]

/** The same file in long forms only. */
export function toCanonical(root: MapNode, context: CanonicalContext): MapNode {
  const services = mapAt(root, 'services')
  if (!services) return root
  const entries = new Map<string, Entry>()
  for (const [name, { at, value }] of services.entries) {
    const long = value.kind === 'map' ? serviceToLong(value, keyPath('services', name), context) : value
    entries.set(name, { at, value: long })
  }
  const value: MapNode = { kind: 'map', at: services.at, entries }
  return { ...root, entries: new Map(root.entries).set('services', { at: services.at, value }) }
}

function serviceToLong(service: MapNode, path: string, context: CanonicalContext): MapNode {
  const entries = new Map(service.entries)
  for (const row of CANONICAL) {
    const entry = entries.get(row.key)
    if (!entry) continue
    entries.set(row.key, { at: entry.at, value: row.toLong(entry.value, keyPath(path, row.key), context) })
  }
  return { ...service, entries }
}
