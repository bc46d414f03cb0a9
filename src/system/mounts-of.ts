// Everything that a service mounts: its own, and what `volumes_from` takes from others.
import type { Mount } from './mounts.ts'
import type { ServiceSpec, SystemSpec } from './spec.ts'

/** What the service says itself wins over what it takes from others, as in Docker. */
export function mountsOf(
  service: ServiceSpec,
  spec: SystemSpec,
  visited: ReadonlySet<string> = new Set(),
): Mount[] {
  const all: Mount[] = [...service.mounts, ...service.tmpfs]
  const taken = new Set(all.map(({ target }) => target))
  for (const { from, name, readOnly } of service.mountsFrom) {
    const other = spec.services[name]
    if (from !== 'service' || !other || visited.has(name)) continue
    for (const mount of mountsOf(other, spec, new Set([...visited, name]))) {
      if (taken.has(mount.target)) continue
      taken.add(mount.target)
      all.push(readOnly ? { ...mount, readOnly } : mount)
    }
  }
  return all
}
