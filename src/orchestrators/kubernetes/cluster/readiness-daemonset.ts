// How a service stands that is a DaemonSet. Pure.
import type { ServiceState } from '../../../system/readiness.ts'
import { mostImportant } from '../../shared/diagnosis.ts'
import { diagnosePod } from './diagnose.ts'
import { diagnoseMissing } from './diagnose-creation.ts'
import { hasRun, type SeenDaemonSet, type SeenPod } from './seen.ts'

/**
 * Ready when every node that should have a pod has one of the present spec that is available; no such node is ready at
 * once. What is wrong with a pod of the present spec fails the service; pods of an earlier one say nothing about it
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
  const present = pods.filter((pod) => isUpdated || isOfTemplate(pod, state.template))
  const diagnosis = mostImportant([
    ...diagnoseMissing(note, pods),
    ...present.filter((pod) => !pod.isDeleting).flatMap((pod) => diagnosePod(pod.state, 'giveUp') ?? []),
  ])
  const message = `${available} of ${wanted} nodes have it available`
  return {
    ...base,
    readiness: diagnosis?.isFinal ? 'failed' : 'pending',
    reason: diagnosis?.reason ?? { code: 'ROLLING_OUT', message },
  }
}

function isOfTemplate({ template }: SeenPod, present: string | undefined): boolean {
  return present !== undefined && template === present
}
