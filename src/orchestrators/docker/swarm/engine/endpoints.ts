// Where published ports of services can be reached, and which numbers are held.
import type { Endpoint } from '../../../../system/endpoint.ts'
import type { Requests } from '../../engine/requests.ts'
import { LABEL } from '../../labels.ts'
import { type LiveService, labelsOf } from './live.ts'
import type { SwarmRequests } from './requests.ts'

/** A number of the mesh is told by the manager as soon as it is known. */
export function serviceEndpoints(service: LiveService, host: string): Endpoint[] {
  const name = labelsOf(service)[LABEL.service]
  if (name === undefined) return []
  const ports = service.Endpoint?.Ports ?? service.Spec.EndpointSpec?.Ports ?? []
  return ports.flatMap(({ TargetPort: target = 0, PublishedPort: port, Protocol = 'tcp' }) => {
    if (!port) return []
    const protocol = Protocol as Endpoint['protocol']
    const at = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
    const url = protocol === 'tcp' ? `http://${at}:${port}` : null
    return [{ service: name, containerPort: target, protocol, port, url }]
  })
}

/** Number and protocol -> by whom: services of the swarm but the one called `except`, and containers of this node. */
export async function heldPorts(
  swarm: SwarmRequests,
  requests: Requests,
  except: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const held = new Map<string, string>()
  const [services, containers] = await Promise.all([
    swarm.services('{}', signal),
    requests.containers('{}', signal),
  ])
  for (const { Names: names, Ports: ports = [], Labels: labels } of containers) {
    // A task's are its service's.
    if (labels?.['com.docker.swarm.service.name'] !== undefined) continue
    for (const { PublicPort: number, Type: type } of ports)
      if (number !== undefined) held.set(`${number}/${type}`, `the container ${(names[0] ?? '').slice(1)}`)
  }
  for (const service of services) {
    if (service.Spec.Name === except) continue
    for (const { PublishedPort: number, Protocol = 'tcp' } of portsOf(service))
      if (number) held.set(`${number}/${Protocol}`, `the service ${service.Spec.Name}`)
  }
  return held
}

function portsOf({ Endpoint: endpoint, Spec }: LiveService) {
  return [...(endpoint?.Ports ?? []), ...(Spec.EndpointSpec?.Ports ?? [])]
}
