// Why the pods of a workload can't be created, and whether waiting can help. Pure.
import { type Diagnosis, final, pending } from '../../shared/diagnosis.ts'
import type { Note } from './notes.ts'
import type { SeenPod } from './seen.ts'

/** Right after a namespace was made its account is not there yet; webhooks and servers may be slow: it is tried again. */
const passing =
  /error looking up service account|failed calling webhook|timed? ?out|deadline exceeded|connection refused/i
const refused = /forbidden|denied|invalid|violates/i

/** Quota makes room again; what admission refuses it will refuse again. `message`: what the controller was answered. */
export function diagnoseCreation(message: string): Diagnosis {
  const text = `Its pods can't be created: ${message}`
  if (/exceeded quota/.test(message)) return pending(8, 'QUOTA_EXCEEDED', text)
  const isFinal = refused.test(message) && !passing.test(message)
  return isFinal ? final('ADMISSION_REFUSED', text) : pending(8, 'PODS_NOT_CREATED', text)
}

/** For a workload whose status says nothing of it: what its controller met, as long as it has no pods. */
export function diagnoseMissing({ creationFailure }: Note, pods: readonly SeenPod[]): Diagnosis[] {
  const hasPods = pods.some(({ isDeleting }) => !isDeleting)
  return creationFailure && !hasPods ? [diagnoseCreation(creationFailure.message)] : []
}
