// How a service stands that is a StatefulSet. Pure.
import type { ServiceState } from '../../../system/readiness.ts'
import { mostImportant } from '../../shared/diagnosis.ts'
import { diagnosePod } from './diagnose.ts'
import { diagnoseMissing } from './diagnose-creation.ts'
import { hasRun, type SeenPod, type SeenStatefulSet } from './seen.ts'
import type { StatefulSetState } from './seen-statefulset.ts'

/**
 * Ready when as many pods as wanted are of the present spec, ready and available, and no more are left; none wanted is
 * ready at once. What is wrong with a pod of the present spec fails the service
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#rolling-updates).
 */
export function statefulSetReadiness(
  { state, isDeleting, note }: SeenStatefulSet,
  pods: readonly SeenPod[],
): ServiceState {
  const base = { started: pods.some(hasRun), completed: false }
  if (isDeleting) {
    const message = 'It is being deleted'
    return { ...base, readiness: 'terminating', reason: { code: 'TERMINATING', message } }
  }
  if (!state.isObserved) {
    const message = 'The cluster has not seen the change yet'
    return { ...base, readiness: 'pending', reason: { code: 'ROLLING_OUT', message } }
  }
  if (isComplete(state)) return { ...base, started: true, readiness: 'ready' }
  const present = pods.filter((pod) => pod.template === state.template)
  const diagnosis = mostImportant([
    ...diagnoseMissing(note, pods),
    ...present.filter((pod) => !pod.isDeleting).flatMap((pod) => diagnosePod(pod.state, 'giveUp') ?? []),
  ])
  return {
    ...base,
    readiness: diagnosis?.isFinal ? 'failed' : 'pending',
    reason: diagnosis?.reason ?? { code: 'ROLLING_OUT', message: countsOf(state) },
  }
}

function isComplete({ wanted, total, updated, ready, available }: StatefulSetState): boolean {
  return updated >= wanted && ready >= wanted && available >= wanted && total <= wanted
}

function countsOf({ wanted, total, updated, available }: StatefulSetState): string {
  if (total > wanted) return `${total - wanted} more than wanted are still there`
  if (updated < wanted) return `${updated} of ${wanted} are of the present spec`
  return `${available} of ${wanted} are available`
}
