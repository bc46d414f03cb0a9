// What a service may use of the machine: fields of `HostConfig` (Docker Engine API v1.41, ContainerCreate).
import type { DeviceRequest } from '../../../system/deploy.ts'
import type { BlockIo, Ulimit } from '../../../system/process.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'

/** The shares of a whole core. */
const SHARES_PER_CORE = 1024
const LEAST_SHARES = 2

export function toResources(service: ServiceSpec, context: Context) {
  return {
    ...toCpu(service),
    ...toMemory(service),
    PidsLimit: service.resources.limits.pids ?? undefined,
    ...(service.blockIo && toBlockIo(service.blockIo)),
    CgroupParent: service.cgroupParent ?? undefined,
    Ulimits: listOrNothing(toUlimits(service.ulimits)),
    Sysctls: recordOrNothing(service.sysctls),
    StorageOpt: hasQuotas(context) ? recordOrNothing(service.storageOptions) : undefined,
    ...toDevices(service),
  }
}

/** Whether the storage driver can hold a container to a size (https://docs.docker.com/reference/cli/docker/container/run/#storage-opt). */
export function hasQuotas({ facts }: Context): boolean {
  const { storageDriver, backingFilesystem } = facts
  return (
    ['btrfs', 'zfs', 'devicemapper'].includes(storageDriver) ||
    (storageDriver === 'overlay2' && backingFilesystem === 'xfs')
  )
}

/** The engine takes either a number of cores or a quota. What is set aside weighs where cores are short. */
function toCpu({ cpu, resources }: ServiceSpec) {
  const { limits, reservations } = resources
  const reserved = reservations.cpus
    ? Math.max(LEAST_SHARES, Math.round(reservations.cpus * SHARES_PER_CORE))
    : undefined
  const quota = limits.cpus
    ? { NanoCpus: Math.round(limits.cpus * 1e9) }
    : { CpuQuota: cpu.quotaUs ?? undefined, CpuPeriod: cpu.periodUs ?? undefined }
  return {
    ...quota,
    CpuShares: cpu.shares ?? reserved,
    CpuRealtimePeriod: cpu.realtimePeriodUs ?? undefined,
    CpuRealtimeRuntime: cpu.realtimeRuntimeUs ?? undefined,
    CpusetCpus: cpu.set ?? undefined,
  }
}

function toMemory({ memory, resources }: ServiceSpec) {
  return {
    Memory: resources.limits.memoryBytes || undefined,
    MemoryReservation: resources.reservations.memoryBytes || undefined,
    MemorySwap: memory.swapBytes ?? undefined,
    MemorySwappiness: memory.swappiness ?? undefined,
    OomKillDisable: memory.oomKillDisable || undefined,
    OomScoreAdj: memory.oomScoreAdjustment ?? undefined,
  }
}

function toBlockIo(io: BlockIo) {
  const weights = io.deviceWeights.map(({ path, weight }) => ({ Path: path, Weight: weight }))
  const rates = (list: BlockIo['readsPerSecond']) =>
    listOrNothing(list.map(({ path, rate }) => ({ Path: path, Rate: rate })))
  return {
    BlkioWeight: io.weight ?? undefined,
    BlkioWeightDevice: listOrNothing(weights),
    BlkioDeviceReadBps: rates(io.readBytesPerSecond),
    BlkioDeviceWriteBps: rates(io.writeBytesPerSecond),
    BlkioDeviceReadIOps: rates(io.readsPerSecond),
    BlkioDeviceWriteIOps: rates(io.writesPerSecond),
  }
}

export function toUlimits(ulimits: Record<string, Ulimit>) {
  return Object.entries(ulimits).map(([Name, { soft, hard }]) => ({ Name, Soft: soft, Hard: hard }))
}

function toDevices({ devices, gpus, resources, security }: ServiceSpec) {
  const isCdi = (source: string) => !source.startsWith('/') && source.includes('=')
  const mapped = devices.filter(({ source }) => !isCdi(source))
  const named = devices.filter(({ source }) => isCdi(source)).map(({ source }) => source)
  return {
    Devices: listOrNothing(
      mapped.map(({ source, target, permissions }) => ({
        PathOnHost: source,
        PathInContainer: target ?? source,
        CgroupPermissions: permissions ?? 'rwm',
      })),
    ),
    DeviceRequests: listOrNothing([
      ...[...gpus.map(asGpu), ...resources.reservations.devices].map(toRequest),
      ...(named.length > 0 ? [{ Driver: 'cdi', DeviceIDs: named }] : []),
    ]),
    DeviceCgroupRules: listOrNothing(security.deviceCgroupRules),
  }
}

function asGpu(request: DeviceRequest): DeviceRequest {
  return { ...request, capabilities: [...new Set(['gpu', ...request.capabilities])] }
}

/** -1 is all of them. */
function toRequest({ driver, count, deviceIds, capabilities, options }: DeviceRequest) {
  return {
    Driver: driver ?? undefined,
    Count: deviceIds.length > 0 ? undefined : typeof count === 'number' ? count : -1,
    DeviceIDs: listOrNothing(deviceIds),
    Capabilities: [capabilities],
    Options: recordOrNothing(options),
  }
}

export function listOrNothing<Item>(list: Item[]): Item[] | undefined {
  return list.length > 0 ? list : undefined
}

export function recordOrNothing(record: Record<string, string>): Record<string, string> | undefined {
  return Object.keys(record).length > 0 ? record : undefined
}
