// How many pods hold a volume at once, counted once for all volumes of a system.

import { mountsOf } from '../../../system/mounts-of.ts'
import type { ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import { isAutoscaled, toBounds } from './autoscaler.ts'
import type { PodGroups } from './pod-groups.ts'
import { isOnEveryNode } from './service-extension.ts'

/** By the volume's name. */
export function countPods(spec: SystemSpec, groups: PodGroups): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [name, service] of Object.entries(spec.services)) {
    const { leader, members } = groups.get(name) ?? { leader: name, members: [name] }
    if (leader !== name) continue
    const mounts = members.flatMap((member) => {
      const one = spec.services[member]
      return one ? mountsOf(one, spec) : []
    })
    const volumes = mounts.flatMap((mount) => (mount.type === 'volume' ? (mount.volume ?? []) : []))
    const pods = podsOf(service)
    for (const volume of new Set(volumes)) counts.set(volume, (counts.get(volume) ?? 0) + pods)
  }
  return counts
}

/** The most that there may be: two stand for those on each node. */
function podsOf(service: ServiceSpec): number {
  if (isOnEveryNode(service)) return 2
  return isAutoscaled(service) ? toBounds(service).maxReplicas : service.replicas
}
