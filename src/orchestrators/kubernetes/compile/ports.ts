// `ports` and `expose`: which ports the container has, and which of them the outside may reach.
import type { V1ContainerPort } from '@kubernetes/client-node'
import type { PortSpec, Protocol, ServiceSpec } from '../../../system/spec.ts'

/** A port that gets out: `port` is the V1Service's, `index` its place in the service's `ports`. */
export type PublishedPort = { index: number; port: number; spec: PortSpec }

/** Every port once. The protocol is always said: apply needs it as a key on early versions. */
export function toContainerPorts(service: ServiceSpec): V1ContainerPort[] | undefined {
  const all = [
    ...toHostPorts(service),
    ...service.ports.map(({ target, protocol }) => ({ port: target, protocol })),
    ...service.expose,
  ]
  const byKey = new Map<string, V1ContainerPort>()
  for (const { port, protocol, ...host } of all) {
    const key = `${protocol}/${port}`
    const one = { containerPort: port, protocol: toKubernetesProtocol(protocol), ...host }
    if (!byKey.has(key)) byKey.set(key, one)
  }
  return byKey.size > 0 ? [...byKey.values()] : undefined
}

type HostPort = { port: number; protocol: Protocol; hostPort: number; hostIP?: string }

/** Ports of `mode: host`: they are opened on the node that a pod runs on. */
function toHostPorts({ ports }: ServiceSpec): HostPort[] {
  return ports.filter(isHostPort).map(({ target, protocol, published, hostIp }) => ({
    port: target,
    protocol,
    hostPort: published?.from ?? target,
    ...(hostIp && { hostIP: hostIp }),
  }))
}

export function isHostPort({ mode }: PortSpec): boolean {
  return mode === 'host'
}

/**
 * The ports that the service's V1Service opens, each once. The first of a published range is as good as any,
 * because the outer port is the exposure's choice.
 */
export function toPublishedPorts(service: ServiceSpec): PublishedPort[] {
  const published = service.ports
    .map((spec, index) => ({ index, port: spec.published?.from ?? spec.target, spec }))
    .filter(({ spec }) => !isHostPort(spec) && !isLoopback(spec.hostIp))
  return published.filter((one, at) => published.findIndex((other) => isSame(one, other)) === at)
}

export function toKubernetesProtocol(protocol: Protocol): 'TCP' | 'UDP' | 'SCTP' {
  switch (protocol) {
    case 'tcp':
      return 'TCP'
    case 'udp':
      return 'UDP'
    case 'sctp':
      return 'SCTP'
    default:
      return protocol satisfies never
  }
}

/** A port that Docker would open on the machine's loopback address only. */
export function isLoopback(hostIp: string | null): boolean {
  return hostIp !== null && (hostIp.startsWith('127.') || hostIp === '::1')
}

/** No address, or one that stands for all of them. */
export function isEveryAddress(hostIp: string | null): boolean {
  return hostIp === null || hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::'
}

/** Published on several host addresses, a port is still one. */
function isSame(a: PublishedPort, b: PublishedPort): boolean {
  return a.port === b.port && a.spec.protocol === b.spec.protocol && a.spec.target === b.spec.target
}
