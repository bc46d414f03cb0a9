// The V1Service that lets the outside reach a service's published ports.
import type { V1Service, V1ServicePort } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Exposure, Manifest } from '../../orchestrator.ts'
import type { Context } from './context.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toObjectName } from './names.ts'
import { toServiceLabels, toServiceSelector } from './object-labels.ts'
import { toPortNames } from './port-names.ts'
import { type PublishedPort, toKubernetesProtocol, toPublishedPorts } from './ports.ts'

/** Null for a service that publishes nothing. Node ports are the cluster's choice. */
export function toPublishedService(name: string, service: ServiceSpec, context: Context): Manifest | null {
  const published = toPublishedPorts(service)
  if (published.length === 0) return null
  const { identity } = context
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: toMetadata(identity, toObjectName(identity.name, name), toServiceLabels(identity, name)),
    spec: {
      type: toServiceType(context.exposure),
      selector: toServiceSelector(identity, name),
      ports: toServicePorts(published),
    },
  } satisfies V1Service
  return toManifest(object, `services.${name}.ports`)
}

/** An Ingress stands before a V1Service of type ClusterIP. */
function toServiceType(exposure: Exposure): 'NodePort' | 'LoadBalancer' | 'ClusterIP' {
  switch (exposure) {
    case 'nodePort':
      return 'NodePort'
    case 'loadBalancer':
      return 'LoadBalancer'
    case 'clusterIP':
    case 'ingress':
      return 'ClusterIP'
    default:
      return exposure satisfies never
  }
}

function toServicePorts(published: PublishedPort[]): V1ServicePort[] {
  const names = toPortNames(published)
  return published.map(({ port, spec }, at) => ({
    name: names[at],
    port,
    protocol: toKubernetesProtocol(spec.protocol),
    targetPort: spec.target,
    appProtocol: spec.appProtocol ?? undefined,
  }))
}
