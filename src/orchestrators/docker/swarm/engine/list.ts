// Lists the systems that a swarm holds, from their objects alone.
import type { LiveSystem } from '../../../../system/live.ts'
import { keyOf } from '../../engine/incarnations.ts'
import { managed } from '../../engine/selectors.ts'
import { LABEL } from '../../labels.ts'
import { serviceEndpoints } from './endpoints.ts'
import { type Finding, findInSwarm, type SwarmFound } from './find.ts'

export type SwarmListing = Finding & {
  /** Null: everywhere. */
  namespaces: readonly string[] | null
  publicHost: () => Promise<string>
}

/** Throws TychoError where the manager can't tell. Containers of tasks go with their services. */
export async function listSwarm(
  { namespaces, publicHost, ...finding }: SwarmListing,
  signal: AbortSignal,
): Promise<LiveSystem[]> {
  const found = (await findInSwarm(finding, managed, signal)).filter(
    ({ identity, object }) =>
      !object.subject.startsWith('container/') && (namespaces?.includes(identity.namespace) ?? true),
  )
  const host = await publicHost()
  const groups = Map.groupBy(found, ({ identity }) => keyOf(identity))
  return [...groups.values()].map((group) => toLiveSystem(group, host))
}

function toLiveSystem(found: readonly SwarmFound[], host: string): LiveSystem {
  const [first] = found
  if (!first) throw new Error('objects of no incarnation were grouped as one')
  const services = found.flatMap(({ service, labels }) => (service && labels[LABEL.service]) ?? [])
  return {
    identity: first.identity,
    createdAt: Math.min(...found.map(({ object }) => object.createdAt)),
    // Ids of jobs sort by time.
    job:
      found
        .flatMap(({ labels }) => labels[LABEL.job] ?? [])
        .sort()
        .at(-1) ?? null,
    exposure: 'nodePort',
    suspended: found.some(({ labels }) => labels[LABEL.suspended] === 'true'),
    services: [...new Set(services)].sort(),
    endpoints: found.flatMap(({ service }) => (service ? serviceEndpoints(service, host) : [])),
    objects: found.map(({ object }) => object).sort((a, b) => a.subject.localeCompare(b.subject)),
  }
}
