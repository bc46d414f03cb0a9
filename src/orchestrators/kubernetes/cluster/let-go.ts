// Deletes at once the pods of a removed system that never ran anything: a kubelet that is busy with their images may
// take a minute to let go of them, and the system's name waits for that.
import { deleteFound, type Found, isDerived } from './found.ts'
import type { KubeObject } from './objects.ts'
import type { Resources } from './resources.ts'
import { toPodState } from './seen-pod.ts'

/** How often a pod may have changed before it was deleted: who deletes its maker marks it at the same time. */
const readings = 5

/** Whether the kubelet has said of each container that it has not run; of a silent one there is no telling. */
export function hasNeverRun({ kind, object }: Found): boolean {
  if (kind.kind !== 'Pod') return false
  const { phase, containers } = toPodState(object)
  if (phase !== 'Pending' || containers.length === 0) return false
  return containers.every(({ hasRun, restarts }) => !hasRun && restarts === 0)
}

/**
 * `pods`: those that never ran; `left`: all that is still there after the system's own objects were deleted. What makes
 * pods goes before them, or it would make new ones. A pod must be as it was read: one that has begun to run since
 * keeps its time to end (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination-forced).
 */
export async function letGo(
  pods: readonly Found[],
  left: readonly Found[],
  resources: Resources,
  signal: AbortSignal,
): Promise<void> {
  const makers = left.filter((one) => isDerived(one) && one.kind.kind !== 'Pod')
  await Promise.all(makers.map((one) => deleteFound(one, resources, signal)))
  await Promise.all(pods.map((pod) => letPodGo(pod, resources, signal)))
}

async function letPodGo(listed: Found, resources: Resources, signal: AbortSignal): Promise<void> {
  let pod: Found = listed
  for (let reading = 1; reading <= readings && hasNeverRun(pod); reading += 1) {
    const { resourceVersion } = pod.object.metadata
    if (await deleteFound(pod, resources, signal, { gracePeriodSeconds: 0, resourceVersion })) return
    const object = await readAgain(pod, resources, signal)
    if (!object) return
    pod = { ...pod, object }
  }
}

/** Undefined where it is gone, or another has its name. */
async function readAgain(
  { kind, object: { metadata } }: Found,
  resources: Resources,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const target = { kind, namespace: metadata.namespace ?? '', name: metadata.name }
  const object = await resources.read(target, signal)
  return object?.metadata.uid === metadata.uid ? object : undefined
}
