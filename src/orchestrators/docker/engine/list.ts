// Lists the systems that the engine holds, from their objects alone: for a store that has lost its records, and for
// finding what belongs to nobody.
import type { LiveObject, LiveSystem } from '../../../system/live.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { LABEL } from '../labels.ts'
import { endpointsOf } from './endpoints.ts'
import { type Labels, type LiveContainer, labelsOf, nameOf, timeOf } from './live.ts'
import type { Requests } from './requests.ts'
import { identityOf, managed } from './selectors.ts'

export type Listing = {
  requests: Requests
  /** Where systems are looked for, because another Tycho may serve others of the same engine; null: everywhere. */
  namespaces: readonly string[] | null
  publicHost: () => Promise<string>
}

/** `container`: where it is one. */
type Found = { identity: SystemIdentity; object: LiveObject; labels: Labels; container?: LiveContainer }

const inspectsAtOnce = 8

/** Throws TychoError where the engine can't tell. */
export async function listSystems(
  { requests, namespaces, publicHost }: Listing,
  signal: AbortSignal,
): Promise<LiveSystem[]> {
  const found = await findAll(requests, managed, signal)
  const served = found.filter(({ identity }) => namespaces?.includes(identity.namespace) ?? true)
  const host = await publicHost()
  const groups = Map.groupBy(served, ({ identity }) => `${identity.namespace}/${identity.sid}`)
  return [...groups.values()].map((group) => toLiveSystem(group, host))
}

/** Everything that carries a sid. */
export async function findAll(requests: Requests, filters: string, signal: AbortSignal): Promise<Found[]> {
  const [listed, networks, volumes] = await Promise.all([
    requests.containers(filters, signal),
    requests.networks(filters, signal),
    requests.volumes(filters, signal),
  ])
  const containers = await concurrently(listed, inspectsAtOnce, ({ Id }) => requests.container(Id, signal))
  return [
    ...containers.flatMap((one) => (one ? fromContainer(one) : [])),
    ...networks.flatMap(({ Id, Name, Created, Labels: labels }) =>
      toFound(labels, { subject: `network/${Name}`, name: Name, uid: Id, createdAt: timeOf(Created) }),
    ),
    ...volumes.flatMap(({ Name, CreatedAt = '', Labels: labels }) =>
      toFound(labels, {
        subject: `volume/${Name}`,
        name: Name,
        uid: `${Name}@${CreatedAt}`,
        createdAt: timeOf(CreatedAt),
      }),
    ),
  ]
}

function fromContainer(container: LiveContainer): Found[] {
  const name = nameOf(container)
  const object = {
    subject: `container/${name}`,
    name,
    uid: container.Id,
    createdAt: timeOf(container.Created),
  }
  return toFound(labelsOf(container), object).map((found) => ({ ...found, container }))
}

function toFound(labels: Labels | null | undefined, object: LiveObject): Found[] {
  const identity = identityOf(labels ?? {})
  return identity ? [{ identity, object, labels: labels ?? {} }] : []
}

function toLiveSystem(found: readonly Found[], host: string): LiveSystem {
  const [first] = found
  if (!first) throw new Error('objects of no incarnation were grouped as one')
  const containers = found.flatMap(({ container }) => container ?? [])
  const services = containers.flatMap((container) => labelsOf(container)[LABEL.service] ?? [])
  const jobs = found.flatMap(({ labels }) => labels[LABEL.job] ?? [])
  return {
    identity: first.identity,
    createdAt: Math.min(...found.map(({ object }) => object.createdAt)),
    // Ids of jobs sort by time.
    job: jobs.sort().at(-1) ?? null,
    exposure: 'nodePort',
    suspended: found.some(({ labels }) => labels[LABEL.suspended] === 'true'),
    services: [...new Set(services)].sort(),
    endpoints: containers.flatMap((container) => endpointsOf(container, host)),
    objects: found.map(({ object }) => object).sort((a, b) => a.subject.localeCompare(b.subject)),
  }
}
