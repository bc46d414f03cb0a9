// Everything of systems that stands in a swarm, by its labels.
import type { LiveObject } from '../../../../system/live.ts'
import type { SystemIdentity } from '../../../../system/spec.ts'
import { type Labels, timeOf } from '../../engine/live.ts'
import type { Requests } from '../../engine/requests.ts'
import { identityOf } from '../../engine/selectors.ts'
import { type LiveService, labelsOf } from './live.ts'
import type { SwarmRequests } from './requests.ts'

export type SwarmFound = {
  identity: SystemIdentity
  object: LiveObject
  labels: Labels
  service?: LiveService
}

export type Finding = { requests: Requests; swarm: SwarmRequests }

/** Containers of this node too: a task's is there for a moment after its service. */
export async function findInSwarm(
  { requests, swarm }: Finding,
  filters: string,
  signal: AbortSignal,
): Promise<SwarmFound[]> {
  const [services, networks, configs, secrets, containers] = await Promise.all([
    swarm.services(filters, signal),
    requests.networks(filters, signal),
    swarm.files('config', filters, signal),
    swarm.files('secret', filters, signal),
    requests.containers(filters, signal),
  ])
  const found = (kind: string, name: string, uid: string, at: string | undefined, labels: Labels) =>
    toFound(labels, { subject: `${kind}/${name}`, name, uid, createdAt: timeOf(at) })
  return [
    ...services.flatMap((service) =>
      found('service', service.Spec.Name, service.ID, service.CreatedAt, labelsOf(service)).map((one) => ({
        ...one,
        service,
      })),
    ),
    ...containers.flatMap(({ Id, Names, Labels: labels }) =>
      found('container', (Names[0] ?? '').replace(/^\//, ''), Id, undefined, labels ?? {}),
    ),
    ...configs.flatMap((one) => found('config', one.Spec.Name, one.ID, one.CreatedAt, labelsOf(one))),
    ...secrets.flatMap((one) => found('secret', one.Spec.Name, one.ID, one.CreatedAt, labelsOf(one))),
    ...networks.flatMap(({ Id, Name, Created, Labels: labels }) =>
      found('network', Name, Id, Created, labels ?? {}),
    ),
  ]
}

function toFound(labels: Labels, object: LiveObject): SwarmFound[] {
  const identity = identityOf(labels)
  return identity ? [{ identity, object, labels }] : []
}
