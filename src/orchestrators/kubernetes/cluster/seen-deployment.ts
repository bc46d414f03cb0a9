// What readiness reads of a Deployment.
import { type Condition, holding, trimmed } from './conditions.ts'
import type { KubeObject } from './objects.ts'
import { type ReplicaCounts, toReplicaCounts } from './seen-replicas.ts'

/** The number of a rollout; a Deployment and the ReplicaSet that is its present one carry the same. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'

export type DeploymentState = ReplicaCounts & {
  /** Of the present rollout; the ReplicaSet with the same number makes its pods. */
  revision: string | undefined
  /** Pods can't be created, and why. */
  replicaFailure: Condition | undefined
}

export function toDeploymentState(object: KubeObject): DeploymentState {
  const status: { conditions?: Condition[] } = object.status ?? {}
  const failure = holding(status.conditions, 'ReplicaFailure')
  return {
    ...toReplicaCounts(object),
    revision: object.metadata.annotations?.[revisionAnnotation],
    replicaFailure: failure && trimmed(failure),
  }
}
