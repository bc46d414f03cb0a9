// What an update does with one object. Pure.
import { isDeepStrictEqual } from 'node:util'
import { ANNOTATION, LABEL } from '../labels.ts'
import type { Desired } from './desired.ts'
import type { KubeObject, OwnerReference } from './objects.ts'

export type Decision =
  /** It does not exist. */
  | 'create'
  /** It is of another incarnation, or of nobody we know. */
  | 'refuse'
  /** It is ours, but being deleted. */
  | 'await'
  /** This very job has written exactly this already. */
  | 'keep'
  /** It can't become what we want. */
  | 'recreate'
  | 'apply'

export function decide(desired: Desired, live: KubeObject | undefined, sid: string, job: string): Decision {
  if (!live) return 'create'
  if (live.metadata.labels?.[LABEL.sid] !== sid) return 'refuse'
  if (live.metadata.deletionTimestamp) return 'await'
  if (hasImmutableChange(desired, live)) return 'recreate'
  return isWrittenBy(job, desired, live) ? 'keep' : 'apply'
}

/** The job to name as the writer: the present one only if it changes the manifest, because that alone is no reason to write. */
export function writerOf(desired: Desired, live: KubeObject, job: string): string {
  const { [ANNOTATION.hash]: hash, [ANNOTATION.job]: earlier } = live.metadata.annotations ?? {}
  return hash !== undefined && hash === desired.hash && earlier !== undefined ? earlier : job
}

function isWrittenBy(job: string, desired: Desired, live: KubeObject): boolean {
  const { [ANNOTATION.hash]: hash, [ANNOTATION.job]: writer } = live.metadata.annotations ?? {}
  return writer === job && hash !== undefined && hash === desired.hash && hasSameOwner(desired, live)
}

function hasSameOwner(desired: Desired, live: KubeObject): boolean {
  const wanted = desired.body.metadata.ownerReferences as OwnerReference[] | undefined
  const uids = (owners: OwnerReference[] | undefined) => (owners ?? []).map(({ uid }) => uid).sort()
  return isDeepStrictEqual(uids(wanted), uids(live.metadata.ownerReferences))
}

/**
 * A Job's template can't change (https://kubernetes.io/docs/concepts/workloads/controllers/job/), nor the selector of a
 * Deployment, DaemonSet or StatefulSet, nor how the last one names and orders its pods, nor whether a V1Service is headless.
 * A Job's annotation stands for its template: the live one has defaults in it.
 */
function hasImmutableChange(desired: Desired, live: KubeObject): boolean {
  const spec = desired.body.spec as Record<string, unknown> | undefined
  switch (desired.target.kind.kind) {
    case 'Job': {
      const mark = live.metadata.annotations?.[ANNOTATION.template]
      return mark !== undefined && mark !== desired.body.metadata.annotations[ANNOTATION.template]
    }
    case 'Deployment':
    case 'DaemonSet':
      return !isDeepStrictEqual(spec?.selector, live.spec?.selector)
    case 'StatefulSet':
      return ['selector', 'serviceName', 'podManagementPolicy'].some(
        (field) => !isDeepStrictEqual(spec?.[field], live.spec?.[field]),
      )
    case 'Service':
      return (spec?.clusterIP === 'None') !== (live.spec?.clusterIP === 'None')
    default:
      return false
  }
}
