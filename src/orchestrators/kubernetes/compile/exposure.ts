// How the published ports of one service get out.

import type { Exposure } from '../../../system/endpoint.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { type PortExtension, X_K8S } from './extensions.ts'
import { KOMPOSE } from './kompose.ts'
import { isCutOff } from './network-labels.ts'
import { type PublishedPort, toPublishedPorts } from './ports.ts'

const BY_KOMPOSE: Readonly<Record<string, Exposure>> = {
  clusterip: 'clusterIP',
  nodeport: 'nodePort',
  loadbalancer: 'loadBalancer',
}

/**
 * What the request says of the service; else what its file says: a host is for an Ingress, then Kompose's label; else
 * what the request says of all services.
 */
export function toExposure(name: string, service: ServiceSpec, context: Context): Exposure {
  const asked = context.settings[name]?.exposure
  if (asked) return asked
  if (namesHost(service)) return 'ingress'
  return BY_KOMPOSE[kindOf(service) ?? ''] ?? context.exposure
}

/**
 * The ports that the service's V1Service opens. A headless one opens none: its pods are found by name. Nobody reaches one
 * without a network.
 */
export function toOpenPorts(name: string, service: ServiceSpec, context: Context): PublishedPort[] {
  const isHeadless = context.settings[name]?.exposure === undefined && kindOf(service) === 'headless'
  return isHeadless || isCutOff(service) ? [] : toPublishedPorts(service)
}

/** `x-k8s` of a port, whose schema is held where the file is read (see `checkExtension`). */
export function extensionOf({ spec }: PublishedPort): PortExtension {
  const extension = spec.extensions[X_K8S]
  return typeof extension === 'object' && extension !== null ? (extension as PortExtension) : {}
}

/** The value of `kompose.service.type`, in lower case. */
export function kindOf({ labels }: ServiceSpec): string | null {
  return labels[KOMPOSE.type]?.toLowerCase() ?? null
}

export function isKnownKind(kind: string): boolean {
  return kind === 'headless' || Object.hasOwn(BY_KOMPOSE, kind)
}

function namesHost(service: ServiceSpec): boolean {
  const expose = service.labels[KOMPOSE.expose]?.trim().toLowerCase() ?? ''
  if (expose !== '' && expose !== 'false') return true
  return toPublishedPorts(service).some((port) => extensionOf(port).host !== undefined)
}
