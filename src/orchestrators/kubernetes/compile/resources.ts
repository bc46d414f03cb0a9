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

export function checkResources(name: string, service: ServiceSpec): Problem[] {
  const { limits, reservations } = service.resources
  return [
    ...checkReservation(name, 'cpus', reservations.cpus, limits.cpus),
    ...checkReservation(name, 'memory', reservations.memoryBytes, limits.memoryBytes),
    ...checkPids(name, limits),
  ]
}

function toQuantities({ cpus, memoryBytes }: Resources): Record<string, string> | undefined {
  const quantities: Record<string, string> = {}
  if (cpus) quantities.cpu = toCpuQuantity(cpus)
  if (memoryBytes) quantities.memory = toMemoryQuantity(memoryBytes)
  return Object.keys(quantities).length > 0 ? quantities : undefined
}

function checkReservation(
  name: string,
  key: 'cpus' | 'memory',
  reserved: number | null,
  limit: number | null,
): Problem[] {
  if (!reserved || !limit || reserved <= limit) return []
  const path = `services.${name}.deploy.resources.reservations.${key}`
  const message = `${name}: reserves more ${key} (${reserved}) than its limit (${limit}); lower the reservation or raise the limit`
  return [remark('RESERVATION_ABOVE_LIMIT', path, message)]
}

function checkPids(name: string, limits: Resources): Problem[] {
  if (!limits.pids) return []
  const message = `${name}: Kubernetes has no limit of processes per pod, only one per node (podPidsLimit of the kubelet); pids is not applied`
  return [remark('PIDS_LIMIT_IGNORED', `services.${name}.deploy.resources.limits.pids`, message)]
}
