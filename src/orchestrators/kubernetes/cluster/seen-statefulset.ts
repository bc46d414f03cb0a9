// What readiness reads of a StatefulSet: counts of pods, as wanted and as the controller last counted them.
import type { KubeObject } from './objects.ts'

export type StatefulSetState = {
  /** The controller has seen the present spec. */
  isObserved: boolean
  wanted: number
  total: number
  updated: number
  ready: number
  available: number
  /** The name of the present revision, which pods of it carry. */
  template: string | undefined
}

type Status = {
  observedGeneration?: number
  replicas?: number
  updatedReplicas?: number
  readyReplicas?: number
  availableReplicas?: number
  updateRevision?: string
}

export function toStatefulSetState({ metadata, spec, status: raw }: KubeObject): StatefulSetState {
  const status: Status = raw ?? {}
  const ready = status.readyReplicas ?? 0
  return {
    isObserved: (status.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    wanted: typeof spec?.replicas === 'number' ? spec.replicas : 1,
    total: status.replicas ?? 0,
    updated: status.updatedReplicas ?? 0,
    ready,
    // Early versions do not count them, and know no time that a pod must have been ready.
    available: status.availableReplicas ?? (spec?.minReadySeconds ? 0 : ready),
    template: status.updateRevision,
  }
}
