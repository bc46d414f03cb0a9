// The V1Service that lets the outside reach a service's published ports.
import type { V1Service, V1ServicePort } from '@kubernetes/client-node'
import type { Exposure } from '../../../system/endpoint.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { clientsOf } from './clients.ts'
import type { Context } from './context.ts'
import { toExposure, toOpenPorts } from './exposure.ts'
import { KOMPOSE } from './kompose.ts'
import { toManifest } from './manifest.ts'
import { toNodePort } from './node-ports.ts'
import { toServiceSelector } from './object-labels.ts'
import { leaderOf } from './pod-members.ts'
import { toPortNames } from './port-names.ts'
import { type PublishedPort, toKubernetesProtocol } from './ports.ts'
import { toServiceMetadata } from './service-metadata.ts'

/** Null for a service that publishes nothing. Node ports are the cluster's choice unless the file fixes them. */
export function toPublishedService(name: string, service: ServiceSpec, context: Context): Manifest | null {
  const published = toOpenPorts(name, service, context)
  if (published.length === 0) return null
  const { identity } = context
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: toServiceMetadata(name, service, context),
    spec: {
      type: toServiceType(toExposure(name, service, context)),
      externalTrafficPolicy: toTrafficPolicy(name, service, context),
      loadBalancerSourceRanges: toSourceRanges(name, service, context),
      selector: toServiceSelector(identity, leaderOf(name, context)),
      ports: toServicePorts(name, service, published, context),
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

/**
 * `Local` keeps the caller's address, which policies of clients go by. Only load balancers have one by Kompose's label.
 */
function toTrafficPolicy(name: string, service: ServiceSpec, context: Context): string | undefined {
  const exposure = toExposure(name, service, context)
  const isOutside = exposure === 'nodePort' || exposure === 'loadBalancer'
  if (isOutside && clientsOf(name, context).length > 0) return 'Local'
  if (exposure !== 'loadBalancer') return undefined
  switch (service.labels[KOMPOSE.trafficPolicy]?.toLowerCase()) {
    case 'local':
      return 'Local'
    case 'cluster':
      return 'Cluster'
    default:
      return undefined
  }
}

/** A load balancer lets nobody else come as far as the nodes. */
function toSourceRanges(name: string, service: ServiceSpec, context: Context): string[] | undefined {
  const clients = clientsOf(name, context)
  return toExposure(name, service, context) === 'loadBalancer' && clients.length > 0 ? clients : undefined
}

function toServicePorts(
  name: string,
  service: ServiceSpec,
  published: PublishedPort[],
  context: Context,
): V1ServicePort[] {
  const names = toPortNames(published)
  return published.map((one, at) => ({
    name: names[at],
    port: one.port,
    protocol: toKubernetesProtocol(one.spec.protocol),
    targetPort: one.spec.target,
    appProtocol: one.spec.appProtocol ?? undefined,
    nodePort: toNodePort(name, service, one, context),
  }))
}
