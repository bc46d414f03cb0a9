// `pre_start` once for a service: a Job that must end well before the service's workload is applied.
import type { V1Affinity, V1Job, V1PodSpec } from '@kubernetes/client-node'
import { cutLabel, LABEL_MAX, toHostname } from '../../../system/names.ts'
import type { Hook } from '../../../system/process.ts'
import type { ServiceSpec, SystemIdentity } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { LABEL } from '../labels.ts'
import { toHostNamespaces } from './check-namespaces.ts'
import { holdsVolumesAlone } from './claims.ts'
import type { Context } from './context.ts'
import { toPodNames } from './discovery.ts'
import { withFileGroup } from './file-group.ts'
import { toHostAliases } from './hosts.ts'
import { toNodeSelector } from './image.ts'
import { toInitContainer } from './init-containers.ts'
import { withTemplateMark } from './job.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toNetworkLabels } from './network-labels.ts'
import { toServiceLabels, toServiceSelector } from './object-labels.ts'
import { toPlacing } from './placement.ts'
import { leaderOf, toPodService } from './pod-members.ts'
import { toPodAnnotations, toPodLabels } from './pod-metadata.ts'
import { toJobRest, toRestartMark } from './rest.ts'
import { toPodSecurity } from './security.ts'
import { toExtendedPod } from './service-extension.ts'
import { toHostsAnnotation } from './stable-address.ts'
import { toGracePeriodSeconds } from './stop.ts'
import { toVolumes } from './volumes.ts'

/** The steps that run once, whatever number of copies the service has, and where they stand in the file. */
export function gateSteps({ hooks }: ServiceSpec): { hook: Hook; at: number }[] {
  return hooks.preStart.map((hook, at) => ({ hook, at })).filter(({ hook }) => !hook.perReplica)
}

/** A service without copies starts nothing. */
export function hasGate(service: ServiceSpec): boolean {
  return service.replicas > 0 && gateSteps(service).length > 0
}

/** Two hyphens after the system's name: no service can be called so (see `toHeadlessName`). */
export function toGateName({ name }: SystemIdentity, service: string): string {
  return cutLabel(`${name}--pre-start-${toHostname(service)}`, LABEL_MAX)
}

/** Found by no V1Service, and by no workload: its pods are not the service's. */
export function toGateLabels(identity: SystemIdentity, service: string): Record<string, string> {
  const { [LABEL.service]: _service, ...labels } = toServiceLabels(identity, service)
  return { ...labels, [LABEL.gate]: service }
}

export function toGateSelector(identity: SystemIdentity, service: string): Record<string, string> {
  return { [LABEL.sid]: identity.sid, [LABEL.gate]: service }
}

/** One step after the other, each tried once: the first that fails ends the start. */
export function toGate(name: string, service: ServiceSpec, context: Context): Manifest {
  const { identity } = context
  const labels = toGateLabels(identity, name)
  const metadata = {
    ...toMetadata(identity, toGateName(identity, name), labels),
    annotations: toHostsAnnotation(name, context),
  }
  const fixed = {
    completions: 1,
    backoffLimit: 0,
    template: {
      metadata: {
        labels: {
          ...toPodLabels(service),
          ...labels,
          ...toNetworkLabels(podOf(name, service, context), context),
        },
        annotations: toGateAnnotations(service, context),
      },
      spec: toGatePod(name, service, context),
    },
  }
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: withTemplateMark(metadata, fixed),
    spec: { parallelism: 1, ...fixed, ...toJobRest(context) },
  } satisfies V1Job
  return toManifest(object, `services.${name}.pre_start`)
}

/** Undefined where there are none. */
function toGateAnnotations(service: ServiceSpec, context: Context): Record<string, string> | undefined {
  const mark = toRestartMark(context)
  const own = toPodAnnotations(service)
  return mark ? { ...own, ...mark } : own
}

/** The service's own network may be another one's. */
function podOf(name: string, service: ServiceSpec, context: Context): ServiceSpec {
  const leader = leaderOf(name, context)
  return toPodService(leader, context.spec.services[leader] ?? service, context)
}

/** What the service's own pod has, but for its name: who asks for the service must not reach this. */
function toGatePod(name: string, service: ServiceSpec, context: Context): V1PodSpec {
  const { dnsPolicy, dnsConfig } = toPodNames(name, service, context)
  const steps = gateSteps(service).map(({ hook, at }) => toInitContainer(hook, at, service, context))
  return {
    dnsPolicy,
    dnsConfig,
    hostAliases: toHostAliases(service, {}),
    ...toHostNamespaces(service, context),
    enableServiceLinks: false,
    ...toExtendedPod(service, context, toNodeSelector(service)),
    terminationGracePeriodSeconds: toGracePeriodSeconds(service),
    affinity: toAffinity(name, service, context),
    securityContext: withFileGroup(toPodSecurity(service, context), service, context),
    volumes: toVolumes(service, context),
    initContainers: steps.length > 1 ? steps.slice(0, -1) : undefined,
    containers: steps.slice(-1),
    restartPolicy: 'Never',
  }
}

/** On the nodes that the service may be on; beside a pod that has its volumes, which no other node gets meanwhile. */
function toAffinity(name: string, service: ServiceSpec, context: Context): V1Affinity | undefined {
  const nodeAffinity = toPlacing(name, service, context).affinity?.nodeAffinity
  if (!holdsVolumesAlone(service, context)) return nodeAffinity && { nodeAffinity }
  const labelSelector = { matchLabels: toServiceSelector(context.identity, leaderOf(name, context)) }
  const podAffinityTerm = { labelSelector, topologyKey: 'kubernetes.io/hostname' }
  return {
    ...(nodeAffinity && { nodeAffinity }),
    podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] },
  }
}
