// `EndpointSpec`: how a service is found, and which of its ports answer where.
import type { PortSpec, ServiceSpec } from '../../../../system/spec.ts'
import { type Context, exposureOf } from '../../compile/context.ts'
import { publishes } from '../../compile/ports.ts'

/**
 * A port of the mesh answers on every node, and needs a virtual address for the service; without the mesh each task has the
 * port on its own node, and names lead to the tasks.
 */
export function toEndpointSpec(name: string, service: ServiceSpec, context: Context) {
  const ports = openPorts(name, service, context)
  const isOfMesh = ({ mode }: PortSpec) => isMeshed(service, context) && mode === 'ingress'
  const asksForIt = service.deploy.endpointMode === 'vip' && context.facts.routingMesh
  return {
    Mode: asksForIt || ports.some(isOfMesh) ? 'vip' : 'dnsrr',
    Ports:
      ports.length > 0
        ? ports.map((port) => ({
            Protocol: port.protocol,
            TargetPort: port.target,
            PublishedPort: publishedOf(port, service, context),
            PublishMode: isOfMesh(port) ? 'ingress' : 'host',
          }))
        : undefined,
  }
}

/** Those that may be reached from outside: a swarm publishes on no single address. */
export function openPorts(name: string, service: ServiceSpec, context: Context): PortSpec[] {
  if (!publishes(service) || exposureOf(name, context) === 'clusterIP') return []
  return service.ports.filter(({ hostIp }) => !isLoopback(hostIp))
}

export function isLoopback(hostIp: string | null): boolean {
  return hostIp !== null && /^(?:127\.|::1$|localhost$)/.test(hostIp)
}

/** Whether the ports of the service are the mesh's. */
export function isMeshed({ deploy }: ServiceSpec, { facts }: Context): boolean {
  return facts.routingMesh && deploy.endpointMode !== 'dnsrr'
}

/** Undefined: the swarm chooses one. Two tasks of one node can't have the same port. */
function publishedOf(port: PortSpec, service: ServiceSpec, context: Context): number | undefined {
  if (!port.published) return undefined
  const isShared = isMeshed(service, context) && port.mode === 'ingress'
  return isShared || hasOneCopyPerNode(service) ? port.published.from : undefined
}

export function hasOneCopyPerNode({ replicas, deploy }: ServiceSpec): boolean {
  return replicas <= 1 || deploy.mode === 'global' || deploy.placement.maxReplicasPerNode === 1
}
