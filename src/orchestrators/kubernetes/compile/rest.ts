// What keeps a service from running while its system is suspended, and what starts it anew when that is restarted: one
// field for each kind of workload, so that everything else of the object stays as it was.
import type { V1JobSpec, V1PodSpec } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import { ANNOTATION } from '../labels.ts'
import { isAutoscaled } from './autoscaler.ts'
import { type Context, isAtLeast } from './context.ts'

/** Of a Deployment or a StatefulSet; undefined where the number follows the load, and is another's to write. */
export function toReplicas(service: ServiceSpec, { suspended }: Context): number | undefined {
  if (suspended) return 0
  return isAutoscaled(service) ? undefined : service.replicas
}

/** Said of a workload, from which a lost record is rebuilt; and a label that no node has: a DaemonSet has no number of pods. */
const SUSPENDED = { [ANNOTATION.suspended]: 'true' }

/** An annotation of every workload; undefined where it runs. */
export function toRestMark({ suspended }: Context): Record<string, string> | undefined {
  return suspended ? SUSPENDED : undefined
}

/** Of a DaemonSet's pods. */
export function withoutNodes(pod: V1PodSpec | undefined, { suspended }: Context): V1PodSpec | undefined {
  return pod && suspended ? { ...pod, nodeSelector: { ...pod.nodeSelector, ...SUSPENDED } } : pod
}

/** From this version on a Job can be suspended (KEP-2232, beta). */
const JOB_SUSPEND_MINOR = 22

/**
 * Of a Job: its pods end, and what has ended well stays so. Older versions end them where none is to run at once; newer
 * ones would count them as failed by that.
 */
export function toJobRest({
  suspended,
  facts,
}: Context): Pick<V1JobSpec, 'suspend'> | Pick<V1JobSpec, 'parallelism'> {
  if (!suspended) return {}
  return isAtLeast(facts, JOB_SUSPEND_MINOR) ? { suspend: true } : { parallelism: 0 }
}

/** Of every pod template: what it was made of before a restart is another one. */
export function toRestartMark({ restartedAt }: Context): Record<string, string> | undefined {
  return restartedAt === null ? undefined : { [ANNOTATION.restartedAt]: restartedAt }
}
