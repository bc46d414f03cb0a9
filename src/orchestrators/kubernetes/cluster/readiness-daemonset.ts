// How a service stands that is a DaemonSet. Pure.
import type { ServiceState } from '../../../system/readiness.ts'
import { diagnosePod } from './diagnose.ts'
import { diagnoseMissing } from './diagnose-creation.ts'
import { mostImportant } from './diagnosis.ts'
import { hasRun, type SeenDaemonSet, type SeenPod } from './seen.ts'

/**
 * Ready when every node that should have a pod has one of the present spec that is available; no such node is ready at
 * once. Pods of an earlier spec can't be told from the present one's until all are replaced, so only then does what is
 * wrong with a pod fail the service
 * (https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/).
 */
export function daemonSetReadiness(
  { state, isDeleting, note }: SeenDaemonSet,
  pods: readonly SeenPod[],
): ServiceState {
  const base = { started: pods.some(hasRun), completed: false }
  const { isObserved, wanted, updated, ready, available } = state
  if (isDeleting) {
    return {
      ...base,
      readiness: 'terminating',
      reason: { code: 'TERMINATING', message: 'It is being deleted' },
    }
  }
  if (!isObserved) {
    const message = 'The cluster has not seen the change yet'
    return { ...base, readiness: 'pending', reason: { code: 'ROLLING_OUT', message } }
  }
  const isUpdated = updated >= wanted
  if (isUpdated && ready >= wanted && available >= wanted)
    return { ...base, started: true, readiness: 'ready' }
  const diagnosis = mostImportant([
    ...diagnoseMissing(note, pods),
    ...pods.filter((pod) => !pod.isDeleting).flatMap((pod) => diagnosePod(pod.state, 'giveUp') ?? []),
  ])
  const message = `${available} of ${wanted} nodes have it available`
  return {
    ...base,
    readiness: diagnosis?.isFinal && isUpdated ? 'failed' : 'pending',
    reason: diagnosis?.reason ?? { code: 'ROLLING_OUT', message },
  }
}
