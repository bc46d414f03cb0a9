// Every short form of a service, each turned into its long form once, so that all that follows sees one shape.
import { type MapNode, mapAt } from '../node.ts'
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

/** Turns the file into long forms, in place: the tree is nobody else's (see `checkKeys`). */
export function makeCanonical(root: MapNode, context: CanonicalContext): void {
  for (const [name, { value }] of mapAt(root, 'services')?.entries ?? []) {
    if (value.kind === 'map') makeServiceCanonical(value, keyPath('services', name), context)
  }
}

function makeServiceCanonical(service: MapNode, path: string, context: CanonicalContext): void {
  for (const row of CANONICAL) {
    const entry = service.entries.get(row.key)
    if (entry) entry.value = row.toLong(entry.value, keyPath(path, row.key), context)
  }
}
