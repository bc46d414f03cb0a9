// How many pods hold a volume at once, counted once for all volumes of a system.
import type { SystemSpec } from '../../../system/spec.ts'
import { mountsOf } from './mounts-of.ts'
import type { PodGroups } from './pod-groups.ts'
import { isOnEveryNode } from './service-extension.ts'

/** By the volume's name; a service with a pod on each node counts as two. */
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
    const pods = isOnEveryNode(service) ? 2 : service.replicas
    for (const volume of new Set(volumes)) counts.set(volume, (counts.get(volume) ?? 0) + pods)
  }
  return counts
}
