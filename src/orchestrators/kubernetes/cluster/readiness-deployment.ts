// How a service stands that is a Deployment. Pure.
import type { ServiceState } from '../../../system/readiness.ts'
import { mostImportant } from '../../shared/diagnosis.ts'
import type { Condition } from './conditions.ts'
import { diagnosePod } from './diagnose.ts'
import { diagnoseCreation } from './diagnose-creation.ts'
import { hasRun, type SeenDeployment, type SeenPod } from './seen.ts'
import type { DeploymentState } from './seen-deployment.ts'

/**
 * `pods`: those of the present rollout. Ready when as many of them as are wanted are Ready, where none can be of another:
 * the controller counts them seconds later when many start at once. Else when the controller has seen the spec and as many pods as wanted are
 * up to date, ready and available, and none of an earlier rollout is left; none wanted is ready at once
 * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment).
 */
export function deploymentReadiness(deployment: SeenDeployment, pods: readonly SeenPod[]): ServiceState {
  const { state } = deployment
  const started = pods.some(hasRun)
  if (deployment.isDeleting) return stateOf('terminating', started, 'TERMINATING', 'It is being deleted')
  if (areUp(deployment, pods)) return READY
  if (!state.isObserved)
    return stateOf('pending', started, 'ROLLING_OUT', 'The cluster has not seen the change yet')
  if (isComplete(state)) return READY
  const diagnosis = mostImportant([
    ...(state.replicaFailure ? [diagnoseCreation(wordsOf(state.replicaFailure))] : []),
    ...pods.filter((pod) => !pod.isDeleting).flatMap((pod) => diagnosePod(pod.state, 'giveUp') ?? []),
  ])
  const reason = diagnosis?.reason ?? { code: 'ROLLING_OUT', message: countsOf(state) }
  return { readiness: diagnosis?.isFinal ? 'failed' : 'pending', started, completed: false, reason }
}

const READY: ServiceState = { readiness: 'ready', started: true, completed: false }

/** Of a pod that several services share it is not seen here whether all of it is up. */
function areUp({ containers, state }: SeenDeployment, pods: readonly SeenPod[]): boolean {
  const { isFirst, minReadySeconds, wanted } = state
  if (!isFirst || minReadySeconds > 0 || wanted === 0 || containers) return false
  return pods.filter(({ isDeleting, state }) => !isDeleting && state.isReady).length >= wanted
}

function isComplete({ wanted, total, updated, ready, available }: DeploymentState): boolean {
  return updated >= wanted && ready >= wanted && available >= wanted && total <= updated
}

function countsOf({ wanted, total, updated, available }: DeploymentState): string {
  if (total > updated) return `${total - updated} of an earlier rollout are still there`
  return `${available} of ${wanted} are available`
}

function wordsOf({ reason, message }: Condition): string {
  return message || (reason ?? 'no reason given')
}

function stateOf(
  readiness: 'pending' | 'terminating',
  started: boolean,
  code: string,
  message: string,
): ServiceState {
  return { readiness, started, completed: false, reason: { code, message } }
}
