// From services to stages: what is applied together, and what must have happened before.
import { toLevels } from '../../../system/graph.ts'
import type { Requirement } from '../../../system/readiness.ts'
import type { DependencyCondition, ServiceSpec } from '../../../system/spec.ts'
import type { Manifest, Stage } from '../../orchestrator.ts'
import { toClaims } from './claims.ts'
import type { Context } from './context.ts'
import { toDaemonSet } from './daemonset.ts'
import { toDeployment } from './deployment.ts'
import { toHeadlessService } from './discovery.ts'
import { toFileObjects } from './file-objects.ts'
import { toIngress } from './ingress.ts'
import { toJob } from './job.ts'
import { toNetworkPolicies } from './network-policies.ts'
import { hasHeadlessOwner } from './owner.ts'
import { toPublishedService } from './published-service.ts'
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
      toIngress(name, service, context) ?? [],
    ])
    .flat()
    .concat(toNetworkPolicies(context))
  return toLevels(context.spec).map((names, at) => {
    const workloads = names.flatMap((name) => toWorkloads(name, context))
    const manifests = at === 0 ? inOrder(published, workloads, context) : workloads
    return { services: names, requires: toRequirements(names, context), manifests }
  })
}

function inOrder(published: Manifest[], workloads: Manifest[], context: Context): Manifest[] {
  if (!hasHeadlessOwner(context)) return [...workloads, ...published]
  const referred = [...toFileObjects(context), ...toClaims(context)]
  return [toHeadlessService(context), ...referred, ...published, ...workloads]
}

function toWorkloads(name: string, context: Context): Manifest[] {
  const service = context.spec.services[name]
  if (!service) return []
  const workload = toWorkload(name, service, context)
  switch (workload.kind) {
    case 'Deployment':
      return [toDeployment(name, service, context)]
    case 'DaemonSet':
      return [toDaemonSet(name, service, context)]
    case 'Job':
      return [toJob(name, service, workload, context)]
    default:
      return workload satisfies never
  }
}

/** Each once, in the order of the file. */
function toRequirements(names: string[], context: Context): Requirement[] {
  const all = names.flatMap((name) => requirementsOf(context.spec.services[name], context))
  return all.filter((one, at) => all.findIndex((other) => isSame(one, other)) === at)
}

/**
 * Optional dependencies only order the stages, and one without replicas is not waited for, as in Docker Compose
 * (https://docs.docker.com/reference/compose-file/services/#depends_on).
 */
function requirementsOf(service: ServiceSpec | undefined, { spec }: Context): Requirement[] {
  return Object.entries(service?.dependsOn ?? {}).flatMap(([name, { condition, required }]) => {
    const dependency = spec.services[name]
    return required && dependency && dependency.replicas > 0 ? [toRequirement(name, condition)] : []
  })
}

function toRequirement(service: string, condition: DependencyCondition): Requirement {
  return { service, condition }
}

function isSame(a: Requirement, b: Requirement): boolean {
  return a.service === b.service && a.condition === b.condition
}
