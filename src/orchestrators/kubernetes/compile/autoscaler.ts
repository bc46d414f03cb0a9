// A service whose number of pods follows its load: Kompose's `kompose.hpa.*`.
import type { V2HorizontalPodAutoscaler, V2MetricSpec } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { type Context, isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { KOMPOSE } from './kompose.ts'
import { count, percent } from './kompose-values.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toOwnName } from './names.ts'
import { toServiceLabels } from './object-labels.ts'
import { leaderOf } from './pod-members.ts'
import { toResources } from './resources.ts'
import { toWorkload } from './workload.ts'

/** `autoscaling/v2` is served from this version on (KEP-2702); before, the same is called v2beta2. */
const STABLE_MINOR = 23
/** Kompose's own. */
const USUAL = { cpu: 50, memory: 70, min: 1, max: 3 }

const LABELS = [KOMPOSE.scaleCpu, KOMPOSE.scaleMemory, KOMPOSE.scaleMin, KOMPOSE.scaleMax]

/** A service without replicas is stopped, whatever its load. */
export function isAutoscaled({ labels, replicas }: ServiceSpec): boolean {
  return replicas > 0 && LABELS.some((label) => label in labels)
}

/** Null for a service whose number of pods is fixed, or none for now. */
export function toAutoscaler(name: string, service: ServiceSpec, context: Context): Manifest | null {
  if (!isAutoscaled(service) || context.suspended) return null
  const { identity, facts } = context
  const objectName = toOwnName(identity.name, name, service)
  const { kind } = toWorkload(name, service, context)
  const object = {
    apiVersion: isAtLeast(facts, STABLE_MINOR) ? 'autoscaling/v2' : 'autoscaling/v2beta2',
    kind: 'HorizontalPodAutoscaler',
    metadata: toMetadata(identity, objectName, toServiceLabels(identity, name)),
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind, name: objectName },
      ...toBounds(service),
      metrics: toMetrics(service),
    },
  } satisfies V2HorizontalPodAutoscaler
  return toManifest(object, `services.${name}.labels`)
}

export function toBounds({ labels }: ServiceSpec): { minReplicas: number; maxReplicas: number } {
  const minReplicas = count(labels[KOMPOSE.scaleMin] ?? '') ?? USUAL.min
  const maxReplicas = count(labels[KOMPOSE.scaleMax] ?? '') ?? USUAL.max
  return { minReplicas, maxReplicas: Math.max(minReplicas, maxReplicas) }
}

type Metric = {
  resource: 'cpu' | 'memory'
  label: string
  target: number
  isAsked: boolean
  isMeasured: boolean
}

/** A percentage is of what a pod requests, so a metric is known only where something is requested. */
function metricsOf(service: ServiceSpec): Metric[] {
  const { requests, limits } = toResources(service) ?? {}
  return (['cpu', 'memory'] as const).map((resource) => {
    const label = resource === 'cpu' ? KOMPOSE.scaleCpu : KOMPOSE.scaleMemory
    return {
      resource,
      label,
      target: percent(service.labels[label] ?? '') ?? USUAL[resource],
      isAsked: label in service.labels,
      // A limit is the request where there is no other.
      isMeasured: Boolean(requests?.[resource] ?? limits?.[resource]),
    }
  })
}

/** Those that are asked for, and of the others those that can be measured; both where none can be. */
function toMetrics(service: ServiceSpec): V2MetricSpec[] {
  const all = metricsOf(service)
  const chosen = all.filter(({ isAsked, isMeasured }) => isAsked || isMeasured)
  return (chosen.length > 0 ? chosen : all).map(({ resource, target }) => ({
    type: 'Resource',
    resource: { name: resource, target: { type: 'Utilization', averageUtilization: target } },
  }))
}

export function checkAutoscaler(name: string, service: ServiceSpec, context: Context): Problem[] {
  if (!isAutoscaled(service)) return []
  const path = `services.${name}`
  const label = LABELS.find((one) => one in service.labels) ?? LABELS[0]
  if (leaderOf(name, context) !== name) {
    const message = `\`${name}\` shares a pod, of which there are as many as \`${leaderOf(name, context)}\` says: write the label there.`
    return [remark('INVALID_KOMPOSE_LABEL', `${path}.labels.${label}`, message)]
  }
  const { kind } = toWorkload(name, service, context)
  if (kind !== 'Deployment' && kind !== 'StatefulSet') {
    const message = `A ${kind} has no number of pods that could follow its load: remove the label.`
    return [remark('INVALID_KOMPOSE_LABEL', `${path}.labels.${label}`, message)]
  }
  return [...checkMeasured(path, service), ...checkReplicas(path, service)]
}

function checkMeasured(path: string, service: ServiceSpec): Problem[] {
  const all = metricsOf(service)
  const isBlind = !all.some(({ isMeasured }) => isMeasured)
  const unknown = all.filter(({ isAsked, isMeasured }) => !isMeasured && (isAsked || isBlind))
  return unknown.map(({ resource, label }) => {
    const key = resource === 'cpu' ? 'cpus' : 'memory'
    const message = `The load is a share of what a pod reserves, and it reserves no ${resource}: add \`deploy.resources.reservations.${key}\`.`
    return remark('LOAD_UNKNOWN', `${path}.labels.${label}`, message)
  })
}

function checkReplicas(path: string, service: ServiceSpec): Problem[] {
  if (service.replicas === 1) return []
  const { minReplicas, maxReplicas } = toBounds(service)
  const message = `The number of pods follows the load, from ${minReplicas} to ${maxReplicas}: \`replicas\` is not applied.`
  return [remark('NOT_APPLIED', `${path}.deploy.replicas`, message)]
}
