// What readiness reads of a DaemonSet: counts of nodes, as wanted and as the controller last counted them.
import type { KubeObject } from './objects.ts'

export type DaemonSetState = {
  /** The controller has seen the present spec. */
  isObserved: boolean
  /** Nodes that should have a pod. */
  wanted: number
  updated: number
  ready: number
  available: number
}

type Status = {
  observedGeneration?: number
  desiredNumberScheduled?: number
  updatedNumberScheduled?: number
  numberReady?: number
  numberAvailable?: number
}

export function toDaemonSetState({ metadata, status: raw }: KubeObject): DaemonSetState {
  const status: Status = raw ?? {}
  return {
    isObserved: (status.observedGeneration ?? 0) >= (metadata.generation ?? 0),
    wanted: status.desiredNumberScheduled ?? 0,
    updated: status.updatedNumberScheduled ?? 0,
    ready: status.numberReady ?? 0,
    available: status.numberAvailable ?? 0,
  }
}
