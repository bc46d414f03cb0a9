// Writes an object that outlives its system's incarnations: a claim. Whoever starts the system again gets it as it is.
import type { Desired } from './desired.ts'
import type { KubeObject } from './objects.ts'
import { notOurs, stillTerminating } from './ownership.ts'
import { isKeptFor } from './selectors.ts'
import { toTree } from './tree.ts'
import { createOrRead, readLive, type WriteScope, type Written } from './write.ts'

/**
 * Creates it, or adopts the one of that name when it carries the labels of tenant and system, else `OBJECT_NOT_OURS`.
 * It is read first, because a quota refuses a create also where there is nothing left to make. Of one that exists only
 * the size is changed: what a cluster has filled in (class, volume) belongs to it, and can't be changed anyway
 * (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims).
 */
export async function writeKept(desired: Desired, scope: WriteScope): Promise<Written> {
  const found = await readLive(desired, scope)
  const { made, live } = found ? { made: false, live: found } : await createOrRead(desired, scope)
  if (made) return { action: 'created', live }
  if (!isKeptFor(scope.identity, live.metadata)) throw notOurs(desired, live)
  if (live.metadata.deletionTimestamp) throw stillTerminating(desired)
  const wanted = sizeOf(desired.body.spec)
  if (wanted === undefined || wanted === sizeOf(live.spec)) return { action: 'unchanged', live }
  await scope.fence.check()
  return {
    action: 'configured',
    live: await scope.resources.patch(desired.target, resized(live, wanted), scope.signal),
  }
}

function sizeOf(spec: unknown): unknown {
  return toTree(toTree(toTree(spec).resources).requests).storage
}

function resized({ metadata }: KubeObject, size: unknown): object[] {
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    { op: 'replace', path: '/spec/resources/requests/storage', value: size },
  ]
}
