// Where published ports can be reached, from the V1Services that the API server answered.
import type { Endpoint } from '../../../system/endpoint.ts'
import { LABEL } from '../labels.ts'
import type { KubeObject } from './objects.ts'

type ServicePort = { port: number; targetPort?: number | string; protocol?: string; nodePort?: number }
type ServiceSpec = { type?: string; clusterIP?: string; ports?: ServicePort[] }
type ServiceStatus = { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } }

type IngressSpec = {
  tls?: { hosts?: string[] }[]
  rules?: { host?: string; http?: { paths?: IngressPath[] } }[]
}
type IngressPath = { path?: string; backend?: { service?: { name?: string; port?: { number?: number } } } }

/** Where an Ingress leads to a port of a V1Service from: the Ingress' own ports are those of HTTP and HTTPS. */
type Entrance = { port: number; url: string }

/**
 * One Endpoint per port. V1Services of the system as a whole, by which its own pods find each other, publish nothing. `url` is null for what is not tcp, and as long as no
 * address is known: without node addresses, or before a load balancer has its own. `ingresses`: of the same system.
 */
export function toEndpoints(
  service: KubeObject,
  nodeAddresses: readonly string[],
  ingresses: readonly KubeObject[] = [],
): Endpoint[] {
  const spec: ServiceSpec = service.spec ?? {}
  const name = service.metadata.labels?.[LABEL.service]
  if (name === undefined) return []
  return (spec.ports ?? []).map((port) => {
    const outside = spec.type === 'NodePort' ? (port.nodePort ?? port.port) : port.port
    const protocol = toProtocol(port.protocol)
    const entrance = protocol === 'tcp' ? entranceTo(service.metadata.name, port.port, ingresses) : undefined
    const host = protocol === 'tcp' ? hostOf(service, spec, nodeAddresses) : undefined
    return {
      service: name,
      containerPort: typeof port.targetPort === 'number' ? port.targetPort : port.port,
      protocol,
      port: entrance?.port ?? outside,
      url: entrance?.url ?? (host === undefined ? null : `http://${host}:${outside}`),
    }
  })
}

function entranceTo(name: string, number: number, ingresses: readonly KubeObject[]): Entrance | undefined {
  for (const { spec = {} } of ingresses) {
    const { tls = [], rules = [] }: IngressSpec = spec
    for (const { host, http } of rules) {
      const leading = http?.paths?.find(({ backend }) => leadsTo(backend?.service, name, number))
      if (host === undefined || !leading) continue
      const isSecure = tls.some(({ hosts = [] }) => hosts.includes(host))
      const url = `${isSecure ? 'https' : 'http'}://${host}${leading.path === '/' ? '' : (leading.path ?? '')}`
      return { port: isSecure ? 443 : 80, url }
    }
  }
  return undefined
}

function leadsTo(
  service: { name?: string; port?: { number?: number } } | undefined,
  name: string,
  number: number,
): boolean {
  return service?.name === name && service.port?.number === number
}

function hostOf(
  service: KubeObject,
  spec: ServiceSpec,
  nodeAddresses: readonly string[],
): string | undefined {
  if (spec.type === 'NodePort') return toUrlHost(nodeAddresses[0])
  if (spec.type === 'LoadBalancer') return balancedHostOf(service)
  return `${service.metadata.name}.${service.metadata.namespace}.svc`
}

/** Of a load balancer, as it stands in a URL; undefined before it has an address, and for every other V1Service. */
export function balancedHostOf({ spec, status }: KubeObject): string | undefined {
  if ((spec as ServiceSpec | undefined)?.type !== 'LoadBalancer') return undefined
  const { loadBalancer }: ServiceStatus = status ?? {}
  const first = loadBalancer?.ingress?.[0]
  return toUrlHost(first?.hostname ?? first?.ip)
}

/** Whether `toEndpoints` will have more to say of it: a load balancer's address comes after it was made. */
export function awaitsHost(service: KubeObject): boolean {
  const { type, ports = [] }: ServiceSpec = service.spec ?? {}
  const isWeb = ports.some(({ protocol }) => toProtocol(protocol) === 'tcp')
  return type === 'LoadBalancer' && isWeb && balancedHostOf(service) === undefined
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
