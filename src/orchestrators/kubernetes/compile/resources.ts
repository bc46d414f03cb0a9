// `deploy.resources`: limits and requests of the container.
import type { V1ResourceRequirements } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Resources, ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { toCpuQuantity, toMemoryQuantity } from './quantity.ts'

/** Zero means no limit in Compose, so it is left out. */
export function toResources(service: ServiceSpec): V1ResourceRequirements | undefined {
  const limits = toQuantities(service.resources.limits)
  const requests = toQuantities(service.resources.reservations)
  return limits || requests ? { limits, requests } : undefined
}

/** That reservations are within the limits is the file's own consistency, checked before. */
export function checkResources(name: string, service: ServiceSpec): Problem[] {
  if (!service.resources.limits.pids) return []
  const message = `Kubernetes limits processes per node (podPidsLimit of the kubelet), not per pod: the limit of \`${name}\` is not applied.`
  return [remark('PIDS_LIMIT_IGNORED', `services.${name}.deploy.resources.limits.pids`, message)]
}

function toQuantities({ cpus, memoryBytes }: Resources): Record<string, string> | undefined {
  const quantities: Record<string, string> = {}
  if (cpus) quantities.cpu = toCpuQuantity(cpus)
  if (memoryBytes) quantities.memory = toMemoryQuantity(memoryBytes)
  return Object.keys(quantities).length > 0 ? quantities : undefined
}
