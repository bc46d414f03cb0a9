// What can't be said, or is said differently, of `ports` on Kubernetes.
import type { Problem } from '../../../problem.ts'
import type { Exposure } from '../../../system/endpoint.ts'
import type { Policy } from '../../../system/policy.ts'
import type { PortSpec, ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { isKnownKind, kindOf, toExposure, toOpenPorts } from './exposure.ts'
import { KOMPOSE } from './kompose.ts'
import { toPortNames } from './port-names.ts'
import { isEveryAddress, isHostPort, isLoopback, type PublishedPort } from './ports.ts'

/** A load balancer of several protocols: KEP-1435, on by default since 1.24. */
const MIXED_PROTOCOLS_MINOR = 24
/** A qualified name as of labels: an optional DNS prefix and a name of at most 63 characters. */
const qualifiedName = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

export function checkPorts(name: string, service: ServiceSpec, context: Context): Problem[] {
  const published = toOpenPorts(name, service, context)
  return [
    ...service.ports.flatMap((port, index) => checkPort(`services.${name}.ports[${index}]`, port)),
    ...checkNetworkMode(name, service),
    ...checkHostPorts(name, service, context.policy),
    ...checkNames(name, published),
    ...checkUnique(name, published),
    ...checkKind(name, service, context),
    ...checkExposure(name, published, toExposure(name, service, context), context),
  ]
}

function checkPort(path: string, port: PortSpec): Problem[] {
  return [
    ...(isHostPort(port) ? [] : checkHostIp(path, port)),
    ...checkRange(path, port),
    ...checkAppProtocol(path, port),
  ]
}

/** On the machine's network a port is the machine's already (specification, "ports"); without a network nobody reaches it. */
function checkNetworkMode(name: string, { namespaces, ports }: ServiceSpec): Problem[] {
  const path = `services.${name}.ports`
  switch (namespaces.network?.kind) {
    case 'host': {
      if (ports.length === 0) return []
      const message = `\`${name}\` has the network of the machine, and its ports with it: remove \`ports\`.`
      return [remark('PORTS_OF_HOST', path, message)]
    }
    case 'none':
      return ports.map(({ target }, index) => {
        const message = `\`${name}\` has no network, so nobody reaches port ${target}.`
        return remark('PORT_NOT_EXPOSED', `${path}[${index}]`, message)
      })
    default:
      return []
  }
}

/** A container names each of its ports once, so it has one port of the node. */
function checkHostPorts(name: string, { ports }: ServiceSpec, { allow }: Policy): Problem[] {
  return ports.flatMap((port, index) => {
    if (!isHostPort(port)) return []
    const path = `services.${name}.ports[${index}]`
    const { target, protocol } = port
    if (!allow.includes('host_ports')) {
      const message = `Mode \`host\` opens port ${target} on the node itself, which the operator does not allow: leave \`mode\` out.`
      return [remark('HOST_PORT_REFUSED', path, message)]
    }
    const isSecond = ports
      .slice(0, index)
      .some((other) => isHostPort(other) && other.target === target && other.protocol === protocol)
    if (isSecond) {
      const message = `${target}/${protocol} has a port of the node already: a container has one for each of its ports.`
      return [remark('HOST_PORT_TWICE', path, message)]
    }
    const message = `Port ${target} is reached at the address of the node that a pod happens to run on, which the result does not name.`
    return [remark('HOST_PORT_OF_NODE', path, message)]
  })
}

function checkHostIp(path: string, { hostIp, target }: PortSpec): Problem[] {
  if (isLoopback(hostIp)) {
    const message = `Port ${target} is published on ${hostIp} only, so nobody outside the system reaches it; its services do, on port ${target}.`
    return [remark('PORT_NOT_EXPOSED', path, message)]
  }
  if (isEveryAddress(hostIp)) return []
  const message = `A cluster does not publish on one address (${hostIp}): port ${target} is published on all.`
  return [remark('HOST_IP_IGNORED', path, message)]
}

function checkRange(path: string, { published, target }: PortSpec): Problem[] {
  if (!published || published.from === published.to) return []
  const message = `Of ${published.from}-${published.to} the first is published for port ${target}.`
  return [remark('PORT_RANGE_FIRST', path, message)]
}

function checkAppProtocol(path: string, { appProtocol }: PortSpec): Problem[] {
  if (appProtocol === null || qualifiedName.test(appProtocol)) return []
  const message = `Kubernetes takes no \`app_protocol\` like ${JSON.stringify(appProtocol)}: write one like \`http\` or \`example.com/proto\`.`
  return [remark('INVALID_APP_PROTOCOL', path, message)]
}

function checkNames(name: string, published: readonly PublishedPort[]): Problem[] {
  const names = toPortNames(published)
  return published.flatMap(({ index, spec }, at) => {
    if (spec.name === null || spec.name === names[at]) return []
    const message = `The port name ${JSON.stringify(spec.name)} becomes \`${names[at]}\`: on Kubernetes it is unique, has at most 15 of a-z, 0-9 and -, and a letter.`
    return [remark('PORT_NAME_CHANGED', `services.${name}.ports[${index}]`, message)]
  })
}

/** A V1Service has one target per port and protocol. */
function checkUnique(name: string, published: readonly PublishedPort[]): Problem[] {
  return published.flatMap((one, at) => {
    const first = published.find(
      (other) => other.port === one.port && other.spec.protocol === one.spec.protocol,
    )
    if (!first || first === published[at]) return []
    const message = `${one.port}/${one.spec.protocol} is published for port ${first.spec.target} already: choose another for port ${one.spec.target}.`
    return [remark('PORT_PUBLISHED_TWICE', `services.${name}.ports[${one.index}]`, message)]
  })
}

/** Kompose's labels of the service's ports, which say something that is not so here. */
function checkKind(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}.labels`
  const kind = kindOf(service)
  const policy = service.labels[KOMPOSE.trafficPolicy]
  const problems: Problem[] = []
  if (kind !== null && !isKnownKind(kind)) {
    const message = `\`${kind}\` is no type of a Service: write clusterip, nodeport, loadbalancer or headless.`
    problems.push(remark('INVALID_KOMPOSE_LABEL', `${path}.${KOMPOSE.type}`, message))
  }
  if (policy !== undefined && toExposure(name, service, context) !== 'loadBalancer') {
    const message = `\`${KOMPOSE.trafficPolicy}\` is of load balancers: it is not applied.`
    problems.push(remark('KOMPOSE_LABEL_IGNORED', `${path}.${KOMPOSE.trafficPolicy}`, message))
  }
  return problems
}

function checkExposure(
  name: string,
  published: readonly PublishedPort[],
  exposure: Exposure,
  context: Context,
): Problem[] {
  if (published.length === 0) return []
  const path = `services.${name}.ports`
  const protocols = new Set(published.map(({ spec }) => spec.protocol))
  if (exposure !== 'loadBalancer' || protocols.size < 2) return []
  if (isAtLeast(context.facts, MIXED_PROTOCOLS_MINOR)) return []
  const message = `A load balancer for ${[...protocols].join(' and ')} at once needs Kubernetes 1.${MIXED_PROTOCOLS_MINOR}: publish one protocol from \`${name}\`.`
  return [remark('MIXED_PROTOCOLS', path, message)]
}
