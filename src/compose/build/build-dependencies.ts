// What a service waits for: `depends_on`, and the services that other keys name.
import type { Dependency, DependencyCondition, ServiceSpec } from '../../system/spec.ts'
import type { Reader } from './reader.ts'

type Net = Pick<ServiceSpec, 'links' | 'namespaces'>
type Storage = Pick<ServiceSpec, 'mountsFrom'>

/**
 * A service whose containers, volumes or namespaces are used comes first (specification, "links", "volumes_from",
 * "network_mode"), unless `depends_on` says more about it.
 */
export function buildDependencies(service: Reader, net: Net, storage: Storage): Record<string, Dependency> {
  const implied = impliedBy(net, storage)
  const written = service.record('depends_on', dependencyOf)
  if (implied.length === 0) return written
  const started = implied.map(([name, restart]): [string, Dependency] => [
    name,
    { condition: 'started', required: true, restart },
  ])
  return Object.fromEntries([...started, ...Object.entries(written)])
}

/** Names and whether a restart of that service is one of this. */
function impliedBy({ links, namespaces }: Net, { mountsFrom }: Storage): [string, boolean][] {
  const implied: [string, boolean][] = []
  for (const { to } of links) implied.push([to, true])
  for (const { from, name } of mountsFrom) if (from === 'service') implied.push([name, false])
  for (const namespace of Object.values(namespaces))
    if (namespace?.kind === 'service') implied.push([namespace.service, true])
  return implied
}

const CONDITIONS: ReadonlyMap<string, DependencyCondition> = new Map([
  ['service_started', 'started'],
  ['service_healthy', 'healthy'],
  ['service_completed_successfully', 'completed'],
])

function dependencyOf(dependency: Reader): Dependency {
  const words = '`service_started`, `service_healthy` or `service_completed_successfully`'
  if (!dependency.has('condition')) dependency.missing('condition', `add ${words}`)
  return {
    condition: dependency.parsed('condition', toCondition, `it must be ${words}`) ?? 'started',
    required: dependency.boolean('required') ?? true,
    restart: dependency.boolean('restart') ?? false,
  }
}

function toCondition(text: string): DependencyCondition | null {
  return CONDITIONS.get(text) ?? null
}
