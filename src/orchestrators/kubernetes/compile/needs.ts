// What the objects of a system take of the cluster, read from its manifests. Pure.
import { type Needs, NO_NEEDS, sumNeeds } from '../../../system/needs.ts'
import type { Manifest, Stage } from '../../orchestrator.ts'
import { amountOfPod, type ContainersOf } from '../pod-amount.ts'
import { podTemplateOf } from '../pod-template.ts'
import { readQuantity } from '../quantity.ts'

type Body = {
  kind: string
  metadata: { name: string }
  spec?: Record<string, unknown>
}
type Amount = { cpu?: string; memory?: string; storage?: string }
type Container = { image?: string; resources?: { requests?: Amount; limits?: Amount } }
type PodSpec = ContainersOf<Container>
type ClaimSpec = { resources?: { requests?: Amount } }

/** Copies as the manifests ask for them at the start; a Job that runs them one after the other counts those at once. */
export function needsOf(stages: readonly Stage[]): Needs {
  const bodies = stages.flatMap(({ manifests }) => manifests.map(toBody))
  const copies = leastCopies(bodies)
  return sumNeeds(bodies.map((body) => [needsOfObject(body, copies), 1]))
}

function toBody({ body }: Manifest): Body {
  return body as Body
}

/** An autoscaler says how many copies there are of what leaves that out. */
function leastCopies(bodies: readonly Body[]): ReadonlyMap<string, number> {
  return new Map(
    bodies.flatMap(({ kind, spec = {} }) => {
      if (kind !== 'HorizontalPodAutoscaler') return []
      const { name } = spec.scaleTargetRef as { name: string }
      return [[name, Number(spec.minReplicas ?? 1)]]
    }),
  )
}

function needsOfObject(body: Body, leastCopies: ReadonlyMap<string, number>): Needs {
  const own: Needs = { ...NO_NEEDS, objects: { [body.kind]: 1 } }
  const { spec = {} } = body
  switch (body.kind) {
    case 'Service':
      return { ...own, nodePorts: nodePortsOf(spec) }
    case 'PersistentVolumeClaim':
      return { ...own, storage: storageOf(spec) }
    case 'Deployment':
      return withPods(own, podOf(spec), copiesOf(body, leastCopies))
    case 'StatefulSet':
      return withClaims(
        withPods(own, podOf(spec), copiesOf(body, leastCopies)),
        spec,
        copiesOf(body, leastCopies),
      )
    case 'DaemonSet':
      return withPods(own, podOf(spec), 1)
    case 'Job':
      return withPods(own, podOf(spec), runsAtOnce(spec))
    case 'CronJob': {
      const job = ((spec.jobTemplate ?? {}) as { spec?: Record<string, unknown> }).spec ?? {}
      return withPods(own, podOf(job), runsAtOnce(job))
    }
    default:
      return own
  }
}

function copiesOf({ metadata, spec = {} }: Body, leastCopies: ReadonlyMap<string, number>): number {
  return Number(spec.replicas ?? leastCopies.get(metadata.name) ?? 1)
}

function runsAtOnce({ parallelism = 1, completions }: Record<string, unknown>): number {
  return Math.min(Number(parallelism), Number(completions ?? parallelism))
}

/** A balanced port has one too: that is how the balancer reaches it. */
function nodePortsOf({ type, ports, allocateLoadBalancerNodePorts }: Record<string, unknown>): number {
  const isOpened = type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)
  return isOpened && Array.isArray(ports) ? ports.length : 0
}

function storageOf({ resources }: ClaimSpec): number {
  return readQuantity(resources?.requests?.storage)
}

function podOf(spec: Record<string, unknown>): PodSpec {
  return podTemplateOf<PodSpec>(spec)?.spec ?? {}
}

function withClaims(needs: Needs, { volumeClaimTemplates }: Record<string, unknown>, copies: number): Needs {
  const claims = (volumeClaimTemplates ?? []) as { spec: ClaimSpec }[]
  if (claims.length === 0) return needs
  const each = claims.map(({ spec }) => ({
    ...NO_NEEDS,
    objects: { PersistentVolumeClaim: 1 },
    storage: storageOf(spec),
  }))
  return sumNeeds([[needs, 1], ...each.map((one) => [one, copies] as const)])
}

function withPods(needs: Needs, pod: PodSpec, copies: number): Needs {
  return sumNeeds([
    [needs, 1],
    [needsOfPod(pod), copies],
  ])
}

function needsOfPod(pod: PodSpec): Needs {
  const { containers = [], initContainers = [] } = pod
  return {
    ...NO_NEEDS,
    pods: 1,
    // What has a limit and no request requests its limit.
    cpuRequests: amountOfPod(pod, ({ resources = {} }) => resources.requests?.cpu ?? resources.limits?.cpu),
    cpuLimits: amountOfPod(pod, ({ resources = {} }) => resources.limits?.cpu),
    memoryRequests: amountOfPod(
      pod,
      ({ resources = {} }) => resources.requests?.memory ?? resources.limits?.memory,
    ),
    memoryLimits: amountOfPod(pod, ({ resources = {} }) => resources.limits?.memory),
    images: [...containers, ...initContainers].flatMap(({ image }) => image ?? []),
  }
}
