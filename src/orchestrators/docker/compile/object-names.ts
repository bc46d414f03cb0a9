// Every name that a system holds in its namespace, so that no other system takes one of them.
import { networksOf } from '../../../system/networks.ts'
import type { Context } from './context.ts'
import { toObjectName, toPartName } from './names.ts'

/**
 * A service holds the name before the numbers of its copies, so that it may get more of them. A container's own name that
 * ends as a copy's holds what is before the number, too.
 */
export function toObjectNames({ identity, spec }: Context): string[] {
  const services = Object.entries(spec.services)
  const own = services.map(([name]) => toObjectName(identity.name, name))
  const given = services.flatMap(([, { containerName }]) =>
    containerName === null ? [] : [containerName, containerName.replace(/-\d+$/, '')],
  )
  const networks = [...new Set(services.flatMap(([, service]) => networksOf(service)))].map(
    (key) => [key, spec.networks[key] ?? { name: null, external: false }] as const,
  )
  const parts = [...networks, ...Object.entries(spec.volumes)]
    .filter(([, part]) => !part.external)
    .map(([key, part]) => toPartName(identity.name, key, part))
  return [...new Set([...own, ...given, ...parts])]
}
