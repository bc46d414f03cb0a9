// What readiness reads of a Deployment.
import { type Condition, holding, trimmed } from './conditions.ts'
import type { KubeObject } from './objects.ts'

/** The number of a rollout; a Deployment and the ReplicaSet that is its present one carry the same. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'

/** Counts of pods: as wanted, and as the controller last counted them. */
export type DeploymentState = {
  /** The controller has seen the present spec. */
  isObserved: boolean
  wanted: number
  total: number
  updated: number
  ready: number
  available: number
  /** Of the present rollout; the ReplicaSet with the same number makes its pods. */
  revision: string | undefined
  /** Pods can't be created, and why. */
  replicaFailure: Condition | undefined
}

type Status = {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  conditions?: Condition[]
}

export function toDeploymentState({ metadata, spec, status: raw }: KubeObject): DeploymentState {
  const status: Status = raw ?? {}
  const failure = holding(status.conditions, 'ReplicaFailure')
  return {
    isObserved: (status.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    wanted: typeof spec?.replicas === 'number' ? spec.replicas : 1,
    total: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
    revision: metadata.annotations?.[revisionAnnotation],
    replicaFailure: failure && trimmed(failure),
  }
}
