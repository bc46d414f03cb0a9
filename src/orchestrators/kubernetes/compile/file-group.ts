// The group to which a pod's volumes and files belong, where its process is not root.
import type { V1PodSecurityContext } from '@kubernetes/client-node'
import { mountsOf } from '../../../system/mounts-of.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { hasClosedFiles } from './file-mounts.ts'

/**
 * A new volume belongs to root, and so does every file of a Secret: `fsGroup` lets another user write the first and read
 * the second (https://kubernetes.io/docs/tasks/configure-pod-container/security-context/). What is set already stays.
 */
export function withFileGroup(
  security: V1PodSecurityContext | undefined,
  service: ServiceSpec,
  context: Context,
): V1PodSecurityContext | undefined {
  const group = Number(service.user?.group ?? service.user?.user ?? 0)
  const isNeeded = holdsVolumes(service, context) || hasClosedFiles(service)
  if (!Number.isInteger(group) || group === 0 || !isNeeded) return security
  return { fsGroup: group, ...security }
}

function holdsVolumes(service: ServiceSpec, { spec }: Context): boolean {
  return mountsOf(service, spec).some(
    (mount) => mount.type === 'claim' || (mount.type === 'volume' && mount.volume !== null),
  )
}
