// What readiness reads of a Deployment.
import { type Condition, holding, trimmed } from './conditions.ts'
import type { KubeObject } from './objects.ts'
import { type ReplicaCounts, toReplicaCounts } from './seen-replicas.ts'

/** The number of a rollout; a Deployment and the ReplicaSet that is its present one carry the same. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'

export type DeploymentState = ReplicaCounts & {
  /** Of the present rollout; the ReplicaSet with the same number makes its pods. */
  revision: string | undefined
  /** Nothing else was ever asked for, so that all its pods are of the present spec. */
  isFirst: boolean
  /** A pod counts only after it has been ready for a while. */
  minReadySeconds: number
  /** Pods can't be created, and why. */
  replicaFailure: Condition | undefined
}

export function toDeploymentState(object: KubeObject): DeploymentState {
  const status: { conditions?: Condition[] } = object.status ?? {}
  const failure = holding(status.conditions, 'ReplicaFailure')
  return {
    ...toReplicaCounts(object),
    revision: object.metadata.annotations?.[revisionAnnotation],
    isFirst: object.metadata.generation === 1,
    minReadySeconds: typeof object.spec?.minReadySeconds === 'number' ? object.spec.minReadySeconds : 0,
    replicaFailure: failure && trimmed(failure),
  }
}
