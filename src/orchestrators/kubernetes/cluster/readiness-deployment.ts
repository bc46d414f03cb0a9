// How a service stands that is a Deployment. Pure.
import type { ServiceState } from '../../../system/readiness.ts'
import type { Condition } from './conditions.ts'
import { diagnosePod } from './diagnose.ts'
import { type Diagnosis, mostImportant } from './diagnosis.ts'
import { hasRun, type SeenDeployment, type SeenPod } from './seen.ts'
import type { DeploymentState } from './seen-deployment.ts'

/** Right after a namespace was made its account is not there yet; webhooks and servers may be slow: it is tried again. */
const passing =
  /error looking up service account|failed calling webhook|timed? ?out|deadline exceeded|connection refused/i
const refused = /forbidden|denied|invalid|violates/i

/**
 * `pods`: those of the present rollout. Ready when the controller has seen the spec and as many pods as wanted are
 * up to date, ready and available, and none of an earlier rollout is left; none wanted is ready at once
 * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#complete-deployment).
 */
export function deploymentReadiness(deployment: SeenDeployment, pods: readonly SeenPod[]): ServiceState {
  const { state } = deployment
  const started = pods.some(hasRun)
  if (deployment.isDeleting) return stateOf('terminating', started, 'TERMINATING', 'It is being deleted')
  if (!state.isObserved)
    return stateOf('pending', started, 'ROLLING_OUT', 'The cluster has not seen the change yet')
  if (isComplete(state)) return { readiness: 'ready', started: true, completed: false }
  const diagnosis = mostImportant([
    ...(state.replicaFailure ? [diagnoseReplicaFailure(state.replicaFailure)] : []),
    ...pods.filter((pod) => !pod.isDeleting).flatMap((pod) => diagnosePod(pod.state, 'giveUp') ?? []),
  ])
  const { code, message } = diagnosis?.reason ?? { code: 'ROLLING_OUT', message: countsOf(state) }
  return stateOf(diagnosis?.isFinal ? 'failed' : 'pending', started, code, message)
}

function isComplete({ wanted, total, updated, ready, available }: DeploymentState): boolean {
  return updated >= wanted && ready >= wanted && available >= wanted && total <= updated
}

function countsOf({ wanted, total, updated, available }: DeploymentState): string {
  if (total > updated) return `${total - updated} of an earlier rollout are still there`
  return `${available} of ${wanted} are available`
}

/** Quota makes room again; what admission refuses it will refuse again. */
function diagnoseReplicaFailure({ reason, message = '' }: Condition): Diagnosis {
  const text = `Its pods can't be created: ${message || (reason ?? 'no reason given')}`
  if (/exceeded quota/.test(message)) {
    return { isFinal: false, rank: 8, reason: { code: 'QUOTA_EXCEEDED', message: text } }
  }
  const isFinal = refused.test(message) && !passing.test(message)
  return {
    isFinal,
    rank: 8,
    reason: { code: isFinal ? 'ADMISSION_REFUSED' : 'PODS_NOT_CREATED', message: text },
  }
}

function stateOf(
  readiness: 'pending' | 'failed' | 'terminating',
  started: boolean,
  code: string,
  message: string,
): ServiceState {
  return { readiness, started, completed: false, reason: { code, message } }
}
