// From services to stages: what is applied together, and what must have happened before.
import { levelsOf } from '../../../system/graph.ts'
import type { Requirement } from '../../../system/readiness.ts'
import { distinctRequirements } from '../../../system/requirements.ts'
import type { Manifest, Stage } from '../../orchestrator.ts'
import { toAssumptions } from './assumptions.ts'
import { toAutoscaler } from './autoscaler.ts'
import { toClaims } from './claims.ts'
import type { Context } from './context.ts'
import { toCronJob } from './cronjob.ts'
import { toDaemonSet } from './daemonset.ts'
import { toDeployment } from './deployment.ts'
import { toHeadlessService } from './discovery.ts'
import { toFileObjects } from './file-objects.ts'
import { toGate } from './gate.ts'
import { toIngress } from './ingress.ts'
import { toJob } from './job.ts'
import { toNetworkPolicies } from './network-policies.ts'
import { hasHeadlessOwner } from './owner.ts'
import { toPublishedService } from './published-service.ts'
import { toAddressService } from './stable-address.ts'
import { type StageNode, toDependencies, toNodes } from './stage-nodes.ts'
import { toStatefulSet } from './statefulset.ts'
import { toWorkload } from './workload.ts'

/**
 * Invariant: the first manifest of the first stage is the system's owner, and every other object gets an
 * ownerReference to it. It is the headless V1Service, or the workload where the system has one service and
 * nothing beside it. Claims alone are nobody's.
 *
 * All V1Services stand in the first stage: addresses are known early, and a full range of node ports fails the
 * start before anything runs.
 */
export function toStages(context: Context): Stage[] {
  const services = Object.entries(context.spec.services)
  const published = services
    .flatMap(([name, service]) => [
      toPublishedService(name, service, context) ?? [],
      toAddressService(name, context) ?? [],
      toAutoscaler(name, service, context) ?? [],
      toIngress(name, service, context) ?? [],
    ])
    .flat()
    .concat(toNetworkPolicies(context))
  const nodes = toNodes(context)
  return levelsIn(nodes, context).map((keys, at) => {
    const workloads = keys.flatMap((key) => {
      const gate = nodes.get(key)?.gate
      return gate === undefined ? toWorkloads(key, context) : toGates(gate, context)
    })
    const level = keys.flatMap((key) => nodes.get(key) ?? [])
    const services = level.flatMap(({ services: names }) => names)
    const stage = { services, requires: context.suspended ? [] : toRequirements(level) }
    if (at > 0) return { ...stage, manifests: workloads }
    const assumes = toAssumptions(context)
    const manifests = inOrder(published, workloads, context)
    return { ...stage, manifests, ...(assumes.length > 0 && { assumes }) }
  })
}

/** What comes to rest waits for nobody, as in a removal. */
function levelsIn(nodes: ReadonlyMap<string, StageNode>, { suspended }: Context): string[][] {
  const levels = levelsOf(toDependencies(nodes))
  return suspended ? [levels.flat()] : levels
}

function inOrder(published: Manifest[], workloads: Manifest[], context: Context): Manifest[] {
  if (!hasHeadlessOwner(context)) return [...workloads, ...published]
  const referred = [...toFileObjects(context), ...toClaims(context)]
  return [toHeadlessService(context), ...referred, ...published, ...workloads]
}

function toGates(name: string, context: Context): Manifest[] {
  const service = context.spec.services[name]
  return service ? [toGate(name, service, context)] : []
}

function toWorkloads(name: string, context: Context): Manifest[] {
  const service = context.spec.services[name]
  if (!service) return []
  const workload = toWorkload(name, service, context)
  switch (workload.kind) {
    case 'Deployment':
      return [toDeployment(name, service, context)]
    case 'StatefulSet':
      return [toStatefulSet(name, service, context)]
    case 'DaemonSet':
      return [toDaemonSet(name, service, context)]
    case 'Job':
      return [toJob(name, service, workload, context)]
    case 'CronJob':
      return [toCronJob(name, service, workload, context)]
    default:
      return workload satisfies never
  }
}

/** Each once, in the order of the file. */
function toRequirements(nodes: readonly StageNode[]): Requirement[] {
  return distinctRequirements(nodes.flatMap(({ requires }) => requires))
}
