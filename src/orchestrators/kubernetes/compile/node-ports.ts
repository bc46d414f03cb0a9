// Fixed node ports, where the file asks for one: `x-k8s.nodePort` of a port, or Kompose's label.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { extensionOf, toExposure, toOpenPorts } from './exposure.ts'
import { KOMPOSE } from './kompose.ts'
import type { PublishedPort } from './ports.ts'

/** Undefined: the cluster's choice, as for every port of an exposure that has no node ports. */
export function toNodePort(
  name: string,
  service: ServiceSpec,
  port: PublishedPort,
  context: Context,
): number | undefined {
  const exposure = toExposure(name, service, context)
  if (exposure !== 'nodePort' && exposure !== 'loadBalancer') return undefined
  return askedFor(service, port)
}

function askedFor(service: ServiceSpec, port: PublishedPort): number | undefined {
  return extensionOf(port).nodePort ?? byLabel(service)
}

function byLabel({ labels }: ServiceSpec): number | undefined {
  const text = labels[KOMPOSE.nodePort]
  return text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : undefined
}

export function checkNodePorts(context: Context): Problem[] {
  const taken = new Map<string, string>()
  return Object.entries(context.spec.services).flatMap(([name, service]) => [
    ...checkLabel(name, service, context),
    ...toOpenPorts(name, service, context).flatMap((port) =>
      checkNodePort(name, service, port, context, taken),
    ),
  ])
}

/** The label speaks of one port (https://kompose.io/user-guide/#labels). */
function checkLabel(name: string, service: ServiceSpec, context: Context): Problem[] {
  const text = service.labels[KOMPOSE.nodePort]
  if (text === undefined) return []
  const path = `services.${name}.labels.${KOMPOSE.nodePort}`
  if (byLabel(service) === undefined)
    return [remark('INVALID_KOMPOSE_LABEL', path, `\`${text}\` is no port: give a number.`)]
  const count = toOpenPorts(name, service, context).length
  if (count === 1) return []
  const message = `\`${KOMPOSE.nodePort}\` is of a service with one published port; \`${name}\` has ${count}: write \`x-k8s: {nodePort: …}\` at the port.`
  return [remark('INVALID_KOMPOSE_LABEL', path, message)]
}

/** Ports of different protocols may have the same number on a node. */
function checkNodePort(
  name: string,
  service: ServiceSpec,
  port: PublishedPort,
  context: Context,
  taken: Map<string, string>,
): Problem[] {
  const asked = askedFor(service, port)
  if (asked === undefined) return []
  const path = `services.${name}.ports[${port.index}]`
  if (toNodePort(name, service, port, context) === undefined) {
    const exposure = toExposure(name, service, context)
    const message = `The exposure \`${exposure}\` has no node ports: ${asked} is not applied.`
    return [remark('NODE_PORT_IGNORED', path, message)]
  }
  const key = `${asked}/${port.spec.protocol}`
  const first = taken.get(key)
  if (first === undefined) {
    taken.set(key, name)
    return []
  }
  return [remark('NODE_PORT_TWICE', path, `The node port ${key} is asked for by \`${first}\` already.`)]
}
