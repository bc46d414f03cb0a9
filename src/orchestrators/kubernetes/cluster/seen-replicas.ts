// Counts of pods of a Deployment or a StatefulSet: as wanted, and as its controller last counted them.
import type { KubeObject } from './objects.ts'

export type ReplicaCounts = {
  /** The controller has seen the present spec. */
  isObserved: boolean
  wanted: number
  total: number
  updated: number
  ready: number
  available: number
}

type Status = {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
}

/** `available` is 0 where the controller does not count them. */
export function toReplicaCounts({ metadata, spec, status: raw }: KubeObject): ReplicaCounts {
  const status: Status = raw ?? {}
  return {
    isObserved: (status.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    wanted: typeof spec?.replicas === 'number' ? spec.replicas : 1,
    total: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready: status.readyReplicas ?? 0,
    available: status.availableReplicas ?? 0,
  }
}
