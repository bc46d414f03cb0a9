// What somebody else has asked of a container since it was made. Pure.
import type { ContainerObject } from '../objects.ts'
import type { LiveContainer } from './live.ts'

/** What `docker update` changes of a container that goes on. */
const CHANGEABLE = [
  ...['Memory', 'MemorySwap', 'MemoryReservation', 'NanoCpus', 'CpuShares', 'CpuQuota', 'CpuPeriod'],
  ...['CpusetCpus', 'CpusetMems', 'PidsLimit', 'BlkioWeight'],
]

/** Half sentences; without values that may be secret. */
export function changesOf(object: ContainerObject, live: LiveContainer): string[] {
  const wanted = (object.create.HostConfig ?? {}) as Record<string, unknown>
  const limits = CHANGEABLE.filter((key) => wanted[key] !== undefined && wanted[key] !== live.HostConfig[key])
  const said = limits.map((key) => `${key} is ${live.HostConfig[key]} instead of ${wanted[key]}`)
  const policy = (wanted.RestartPolicy as { Name?: string } | undefined)?.Name || 'no'
  const livePolicy = live.HostConfig.RestartPolicy?.Name || 'no'
  if (policy !== livePolicy) said.push(`RestartPolicy is ${livePolicy} instead of ${policy}`)
  const attached = Object.keys(live.NetworkSettings?.Networks ?? {})
  const missing = object.networks.filter(({ network }) => !attached.includes(network))
  for (const { network } of missing) said.push(`it was taken off the network ${network}`)
  return said
}
