// Which services share a pod: one that lives in another's namespace (`network_mode`, `ipc`, `pid`: `service:x`), and those
// of one Kompose group.
import { toLevels } from '../../../system/graph.ts'
import type { Namespace } from '../../../system/networks.ts'
import type { ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import { KOMPOSE } from './kompose.ts'

/**
 * `leader` gives the pod its name, its network and its workload: whose namespace the others live in, else the first in
 * the file. `members`, the leader among them: in the order in which they start.
 */
export type PodGroup = { leader: string; members: readonly string[] }

/** By each member's name. A service that has its pod alone is in no group. */
export type PodGroups = ReadonlyMap<string, PodGroup>

const NAMESPACES = ['network', 'ipc', 'pid'] as const
export type SharedNamespace = (typeof NAMESPACES)[number]

/** The services in whose namespaces one lives, each with the first namespace that says so. */
export function hostsOf({ namespaces }: ServiceSpec): [host: string, by: SharedNamespace][] {
  const named = NAMESPACES.flatMap((by): [string, SharedNamespace][] => {
    const namespace: Namespace | null = namespaces[by]
    return namespace?.kind === 'service' ? [[namespace.service, by]] : []
  })
  return named.filter(([host], at) => named.findIndex(([other]) => other === host) === at)
}

export function toPodGroups(spec: SystemSpec): PodGroups {
  const groups = new Map<string, PodGroup>()
  const links = toLinks(spec)
  if (links.length === 0) return groups
  const order = toLevels(spec).flat()
  for (const names of toComponents(links)) {
    const members = order.filter((name) => names.has(name))
    const inFile = Object.keys(spec.services).filter((name) => names.has(name))
    const leader = inFile.find((name) => isHost(name, inFile, spec)) ?? inFile[0] ?? ''
    for (const name of members) groups.set(name, { leader, members })
  }
  return groups
}

/** Others live with it, and it with nobody. */
function isHost(name: string, members: string[], { services }: SystemSpec): boolean {
  const hosts = (member: string) => (services[member] ? hostsOf(services[member]).map(([host]) => host) : [])
  return hosts(name).length === 0 && members.some((member) => hosts(member).includes(name))
}

/** Pairs of services that share a pod. */
function toLinks({ services }: SystemSpec): [string, string][] {
  const links: [string, string][] = []
  const firstOf = new Map<string, string>()
  for (const [name, service] of Object.entries(services)) {
    for (const [host] of hostsOf(service))
      if (host !== name && Object.hasOwn(services, host)) links.push([name, host])
    const group = service.labels[KOMPOSE.group]
    if (group === undefined) continue
    const first = firstOf.get(group)
    if (first === undefined) firstOf.set(group, name)
    else links.push([name, first])
  }
  return links
}

function toComponents(links: readonly [string, string][]): Set<string>[] {
  const byName = new Map<string, Set<string>>()
  for (const [one, other] of links) {
    const joined = new Set([...(byName.get(one) ?? [one]), ...(byName.get(other) ?? [other])])
    for (const name of joined) byName.set(name, joined)
  }
  return [...new Set(byName.values())]
}
