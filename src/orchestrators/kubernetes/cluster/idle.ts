// Whether nothing of a service runs any more: asked of one that is suspended. Pure.
import type { Seen, SeenCronJob, SeenDaemonSet, SeenDeployment, SeenJob, SeenStatefulSet } from './seen.ts'

type Workload = SeenDeployment | SeenDaemonSet | SeenStatefulSet | SeenJob | SeenCronJob

/** None is wanted, its controller knows it, and every pod of the service (`objects`), also one of before, has ended. */
export function isIdle(workload: Workload, objects: readonly Seen[]): boolean {
  return !workload.isDeleting && wantsNone(workload) && !objects.some(mayRun)
}

function wantsNone(workload: Workload): boolean {
  switch (workload.kind) {
    case 'Deployment':
    case 'StatefulSet':
      return workload.state.isObserved && workload.state.wanted === 0 && workload.state.total === 0
    case 'DaemonSet':
      return workload.state.isObserved && workload.state.wanted === 0
    case 'Job':
      return workload.state.wanted === 0 || workload.state.isComplete || workload.state.failure !== undefined
    case 'CronJob':
      return workload.isSuspended
    default:
      return workload satisfies never
  }
}

function mayRun(object: Seen): boolean {
  return object.kind === 'Pod' && object.state.phase !== 'Succeeded' && object.state.phase !== 'Failed'
}
