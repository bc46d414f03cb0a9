// How a service is found that is a StatefulSet. That names its pods itself, so none can be called as the service: it has a
// V1Service with an address of its own, and the pods of the system have that under the service's name in their hosts file.
import type { V1Service, V1ServicePort } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import { toHostname } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { ANNOTATION } from '../labels.ts'
import { type Context, hasDiscovery } from './context.ts'
import { remark } from './dispositions.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toAddressName } from './names.ts'
import { toServiceSelector, toSystemLabels } from './object-labels.ts'
import { leaderOf, membersOf } from './pod-members.ts'
import { toContainerPorts } from './ports.ts'
import { toWorkload } from './workload.ts'

/** Host name -> V1Service, of all StatefulSets of a system of several services, each by who leads its pod. */
export type Hosts = Readonly<Record<string, string>>

export function toHosts(context: Context): Hosts {
  if (!hasDiscovery(context)) return {}
  const services = Object.entries(context.spec.services)
  const stateful = services.filter(
    ([name, service]) => leaderOf(name, context) === name && isStateful(name, service, context),
  )
  return Object.fromEntries(
    stateful.map(([name]) => [toHostname(name), toAddressName(context.identity.name, name)]),
  )
}

/** Of what makes pods: the names that they need in their hosts file. Their own they have without. */
export function toHostsAnnotation(name: string, { hosts }: Context): Record<string, string> | undefined {
  const { [toHostname(name)]: _own, ...others } = hosts
  return Object.keys(others).length > 0 ? { [ANNOTATION.hosts]: JSON.stringify(others) } : undefined
}

export function isStateful(name: string, service: ServiceSpec, context: Context): boolean {
  return toWorkload(name, service, context).kind === 'StatefulSet'
}

/**
 * Null for a service that is found without. It is the system's own and publishes nothing, so it has the container's ports,
 * and finds pods that are not ready too, as the names of other services do.
 */
export function toAddressService(name: string, context: Context): Manifest | null {
  const { identity, hosts } = context
  const address = hosts[toHostname(name)]
  const ports = toAddressPorts(name, context)
  if (address === undefined || ports.length === 0) return null
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: toMetadata(identity, address, toSystemLabels(identity)),
    spec: {
      type: 'ClusterIP',
      publishNotReadyAddresses: true,
      selector: toServiceSelector(identity, name),
      ports,
    },
  } satisfies V1Service
  return toManifest(object, `services.${name}`)
}

/** Of all services of the pod, each once. */
function toAddressPorts(name: string, context: Context): V1ServicePort[] {
  const all = membersOf(name, context).flatMap(({ service }) => toContainerPorts(service) ?? [])
  const ports = all.map(({ containerPort, protocol = 'TCP' }) => ({
    name: `${protocol.toLowerCase()}-${containerPort}`,
    port: containerPort,
    targetPort: containerPort,
    protocol,
  }))
  return [...new Map(ports.map((port) => [port.name, port])).values()]
}

/** A pod finds itself by its service's name: not by that address, over which many networks lead no pod back to itself. */
export function toOwnNames(name: string, service: ServiceSpec, context: Context): ServiceSpec['extraHosts'] {
  return isStateful(name, service, context) ? { [toHostname(name)]: ['127.0.0.1'] } : {}
}

export function checkStableAddress(name: string, context: Context): Problem[] {
  if (context.hosts[toHostname(name)] === undefined) return []
  const path = `services.${name}`
  const ports = toAddressPorts(name, context).map(({ port }) => port)
  if (ports.length === 0) {
    const message = `\`${name}\` runs as a StatefulSet, which the other services find on the ports that the file names only: list them in \`expose\`.`
    return [remark('PORTS_REQUIRED', path, message)]
  }
  const message = `\`${name}\` runs as a StatefulSet: the other services find it in their hosts file, under one address, on ${ports.join(', ')} only.`
  return [remark('FOUND_BY_ADDRESS', path, message)]
}
