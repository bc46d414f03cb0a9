// `deploy.resources`: limits and requests of the container.
import type { V1ResourceRequirements } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Resources, ServiceSpec } from '../../../system/spec.ts'
import { toCpuQuantity, toMemoryQuantity } from '../quantity.ts'
import { toDeviceQuantities } from './devices.ts'
import { remark } from './dispositions.ts'
import { KOMPOSE_DEPLOY } from './kompose.ts'
import { quantity } from './kompose-values.ts'

/** Docker's own, in microseconds, and what a core weighs. */
const CPU_PERIOD_US = 100_000
const SHARES_OF_A_CORE = 1024

/** Zero means no limit in Compose, so it is left out. */
export function toResources(service: ServiceSpec): V1ResourceRequirements | undefined {
  const { resources, cpu, storageOptions, deploy } = service
  const quota = cpu.quotaUs !== null && cpu.quotaUs > 0 ? cpu.quotaUs / (cpu.periodUs || CPU_PERIOD_US) : null
  const shares = cpu.shares ? cpu.shares / SHARES_OF_A_CORE : null
  const bytes = parseSize(storageOptions.size)
  const storage = bytes ? toMemoryQuantity(bytes) : quantity(deploy.labels[KOMPOSE_DEPLOY.storageLimit] ?? '')
  const reserved = quantity(deploy.labels[KOMPOSE_DEPLOY.storageRequest] ?? '')
  const devices = toDeviceQuantities(service)
  const limits = toQuantities({ ...resources.limits, cpus: resources.limits.cpus ?? quota }, storage, devices)
  const requests = toQuantities(
    { ...resources.reservations, cpus: resources.reservations.cpus ?? shares },
    reserved,
  )
  return limits || requests ? { limits, requests } : undefined
}

/** That reservations are within the limits is the file's own consistency, checked before. */
export function checkResources(name: string, service: ServiceSpec): Problem[] {
  return [...checkPids(name, service), ...checkShares(name, service), ...checkStorage(name, service)]
}

function checkPids(name: string, service: ServiceSpec): Problem[] {
  if (!service.resources.limits.pids) return []
  const message = `Kubernetes limits processes per node (podPidsLimit of the kubelet), not per pod: the limit of \`${name}\` is not applied.`
  return [remark('PIDS_LIMIT_IGNORED', `services.${name}.deploy.resources.limits.pids`, message)]
}

/** Docker shares out what is free; Kubernetes sets it aside. */
function checkShares(name: string, { cpu }: ServiceSpec): Problem[] {
  if (!cpu.shares) return []
  const message = `Kubernetes sets aside what \`cpu_shares\` of \`${name}\` weigh: ${cpu.shares / SHARES_OF_A_CORE} of a core.`
  return [remark('CPU_SHARES_RESERVED', `services.${name}.cpu_shares`, message)]
}

function checkStorage(name: string, { storageOptions }: ServiceSpec): Problem[] {
  const isApplied = (key: string, value: string) => key === 'size' && parseSize(value) !== null
  const others = Object.entries(storageOptions).filter(([key, value]) => !isApplied(key, value))
  return others.map(([key]) => {
    const message = `\`storage_opt\` has a \`size\` on Kubernetes and nothing else: \`${key}\` is not applied.`
    return remark('NOT_APPLIED', `services.${name}.storage_opt.${key}`, message)
  })
}

const SIZE = /^(\d+)\s*([kmgt]?)(?:i?b)?$/i

/** Bytes, in Docker's notation. */
function parseSize(text: string | undefined): number | null {
  const match = SIZE.exec(text ?? '')
  if (!match) return null
  return Number(match[1]) * 1024 ** (' kmgt'.indexOf((match[2] || ' ').toLowerCase()) || 0)
}

function toQuantities(
  { cpus, memoryBytes }: Resources,
  storage?: string,
  devices: Record<string, string> = {},
): Record<string, string> | undefined {
  const quantities = { ...devices }
  if (cpus) quantities.cpu = toCpuQuantity(cpus)
  if (memoryBytes) quantities.memory = toMemoryQuantity(memoryBytes)
  if (storage) quantities['ephemeral-storage'] = storage
  return Object.keys(quantities).length > 0 ? quantities : undefined
}
