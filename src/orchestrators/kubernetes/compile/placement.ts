// `deploy.placement`: on which nodes the pods of a service may run, and how they are spread over them.
import type {
  V1Affinity,
  V1NodeSelectorRequirement,
  V1PodSpec,
  V1TopologySpreadConstraint,
} from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { parseConstraint, toSpreadKey } from './constraints.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toServiceSelector } from './object-labels.ts'

const HOSTNAME = 'kubernetes.io/hostname'

type Placing = Pick<V1PodSpec, 'affinity' | 'topologySpreadConstraints'>
type Selector = { matchLabels: Record<string, string> }

export function toPlacing(name: string, service: ServiceSpec, { identity }: Context): Placing {
  const selector = { matchLabels: toServiceSelector(identity, name) }
  const spread = toSpread(service, selector)
  return {
    affinity: toAffinity(service, selector),
    topologySpreadConstraints: spread.length > 0 ? spread : undefined,
  }
}

/** All constraints must hold; one pod of a node is what keeps the others away. */
function toAffinity({ deploy }: ServiceSpec, selector: Selector): V1Affinity | undefined {
  const { constraints, maxReplicasPerNode } = deploy.placement
  const matchExpressions = constraints
    .map(parseConstraint)
    .filter((one): one is V1NodeSelectorRequirement => typeof one !== 'string')
  const isAlone = maxReplicasPerNode === 1
  if (matchExpressions.length === 0 && !isAlone) return undefined
  const term = { labelSelector: selector, topologyKey: HOSTNAME }
  return {
    ...(matchExpressions.length > 0 && {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
      },
    }),
    ...(isAlone && { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }),
  }
}

function toSpread({ deploy }: ServiceSpec, labelSelector: Selector): V1TopologySpreadConstraint[] {
  const { spread, maxReplicasPerNode } = deploy.placement
  const preferred = spread.flatMap((text) => {
    const topologyKey = toSpreadKey(text)
    return topologyKey === null
      ? []
      : [{ maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector }]
  })
  if (!maxReplicasPerNode || maxReplicasPerNode === 1) return preferred
  const limit = { maxSkew: maxReplicasPerNode, topologyKey: HOSTNAME, whenUnsatisfiable: 'DoNotSchedule' }
  return [...preferred, { ...limit, labelSelector }]
}

export function checkPlacement(name: string, { deploy }: ServiceSpec): Problem[] {
  const path = `services.${name}.deploy.placement`
  const { constraints, spread, maxReplicasPerNode } = deploy.placement
  const problems = constraints.flatMap((text, at) => {
    const parsed = parseConstraint(text)
    if (typeof parsed !== 'string') return []
    return [remark('INVALID_PLACEMENT', `${path}.constraints[${at}]`, `\`${text}\`: ${parsed}.`)]
  })
  for (const [at, text] of spread.entries()) {
    if (toSpreadKey(text) !== null) continue
    const message = `\`${text}\` is no label of nodes: write \`node.labels.<name>\`.`
    problems.push(remark('INVALID_PLACEMENT', `${path}.preferences[${at}]`, message))
  }
  if (maxReplicasPerNode !== null && maxReplicasPerNode > 1) {
    const message = `Kubernetes keeps the number of pods of \`${name}\` on two nodes within ${maxReplicasPerNode} of each other, which allows more than ${maxReplicasPerNode} on one where every node has some.`
    problems.push(remark('MAX_REPLICAS_INEXACT', `${path}.max_replicas_per_node`, message))
  }
  return problems
}
