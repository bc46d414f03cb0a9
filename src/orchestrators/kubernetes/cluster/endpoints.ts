// Where published ports can be reached, from the V1Services that the API server answered.
import type { Endpoint } from '../../orchestrator.ts'
import { LABEL } from '../labels.ts'
import type { KubeObject } from './objects.ts'

type ServicePort = { port: number; targetPort?: number | string; protocol?: string; nodePort?: number }
type ServiceSpec = { type?: string; clusterIP?: string; ports?: ServicePort[] }
type ServiceStatus = { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }

/**
 * One Endpoint per port. Headless V1Services publish nothing. `url` is null for what is not tcp, and as long as no
 * address is known: without node addresses, or before a load balancer has its own.
 */
export function toEndpoints(service: KubeObject, nodeAddresses: readonly string[]): Endpoint[] {
  const spec: ServiceSpec = service.spec ?? {}
  if (spec.clusterIP === 'None') return []
  return (spec.ports ?? []).map((port) => {
    const outside = spec.type === 'NodePort' ? (port.nodePort ?? port.port) : port.port
    const protocol = toProtocol(port.protocol)
    const host = protocol === 'tcp' ? hostOf(service, spec, nodeAddresses) : undefined
    return {
      service: service.metadata.labels?.[LABEL.service] ?? service.metadata.name,
      containerPort: typeof port.targetPort === 'number' ? port.targetPort : port.port,
      protocol,
      port: outside,
      url: host === undefined ? null : `http://${host}:${outside}`,
    }
  })
}

function hostOf(
  service: KubeObject,
  spec: ServiceSpec,
  nodeAddresses: readonly string[],
): string | undefined {
  if (spec.type === 'NodePort') return toUrlHost(nodeAddresses[0])
  if (spec.type === 'LoadBalancer') {
    const status: ServiceStatus = service.status ?? {}
    const first = status.loadBalancer?.ingress?.[0]
    return toUrlHost(first?.hostname ?? first?.ip)
  }
  return `${service.metadata.name}.${service.metadata.namespace}.svc`
}

/** IPv6 addresses stand in brackets in a URL (RFC 3986, section 3.2.2). */
function toUrlHost(address: string | undefined): string | undefined {
  return address?.includes(':') && !address.startsWith('[') ? `[${address}]` : address
}

function toProtocol(protocol: string | undefined): Endpoint['protocol'] {
  switch (protocol?.toLowerCase()) {
    case 'udp':
      return 'udp'
    case 'sctp':
      return 'sctp'
    default:
      return 'tcp'
  }
}
