// What readiness reads of a DaemonSet: counts of nodes, as wanted and as the controller last counted them.
import type { KubeObject } from './objects.ts'
import { templateNumberOf } from './seen-template.ts'

export type DaemonSetState = {
  /** The controller has seen the present spec. */
  isObserved: boolean
  /** Nodes that should have a pod. */
  wanted: number
  updated: number
  ready: number
  available: number
  /** The number of the present spec, which pods of it carry. */
  template: string | undefined
}

type Status = {
  observedGeneration?: number
  desiredNumberScheduled?: number
  updatedNumberScheduled?: number
  numberReady?: number
  numberAvailable?: number
}

export function toDaemonSetState(object: KubeObject): DaemonSetState {
  const { metadata, status: raw } = object
  const status: Status = raw ?? {}
  return {
    isObserved: (status.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    wanted: status.desiredNumberScheduled ?? 0,
    updated: status.updatedNumberScheduled ?? 0,
    ready: status.numberReady ?? 0,
    available: status.numberAvailable ?? 0,
    template: templateNumberOf(object),
  }
}
