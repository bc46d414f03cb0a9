// What readiness reads of a StatefulSet.
import type { KubeObject } from './objects.ts'
import { type ReplicaCounts, toReplicaCounts } from './seen-replicas.ts'

export type StatefulSetState = ReplicaCounts & {
  /** The name of the present revision, which pods of it carry. */
  template: string | undefined
}

type Status = { availableReplicas?: number; updateRevision?: string }

export function toStatefulSetState(object: KubeObject): StatefulSetState {
  const status: Status = object.status ?? {}
  const counts = toReplicaCounts(object)
  // Early versions do not count them, and know no time that a pod must have been ready.
  const assumed = object.spec?.minReadySeconds ? 0 : counts.ready
  return { ...counts, available: status.availableReplicas ?? assumed, template: status.updateRevision }
}
