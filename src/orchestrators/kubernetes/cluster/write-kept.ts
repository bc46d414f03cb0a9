// Writes an object that outlives its system's incarnations: a claim. Whoever starts the system again gets it as it is.
import { TychoError } from '../../../problem.ts'
import type { Desired } from './desired.ts'
import { growthOf, keptDifferences } from './kept-differences.ts'
import type { KubeObject } from './objects.ts'
import { notOurs, stillTerminating } from './ownership.ts'
import { isKeptFor } from './selectors.ts'
import { createOrRead, type WriteScope, type Written } from './write.ts'

/**
 * Creates it, or adopts the one of that name when it carries the labels of tenant and system, else `OBJECT_NOT_OURS`.
 * It is read first, because a quota refuses a create also where there is nothing left to make. One that exists can only
 * grow: what a cluster has filled in (class, volume) belongs to it, and can't be changed anyway
 * (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims). Throws
 * `VOLUME_CANNOT_GROW`.
 */
export async function writeKept(desired: Desired, scope: WriteScope): Promise<Written> {
  const found = await scope.resources.read(desired.target, scope.signal)
  const { made, live } = found ? { made: false, live: found } : await createOrRead(desired, scope)
  if (made) return { action: 'created', live }
  if (!isKeptFor(scope.identity, live.metadata)) throw notOurs(desired, live)
  if (live.metadata.deletionTimestamp) throw stillTerminating(desired)
  const remarks = keptDifferences(desired, live)
  const size = growthOf(desired, live)
  if (size === null) return { action: 'unchanged', live, remarks }
  return { action: 'configured', live: await grow(desired, live, size, scope), remarks }
}

async function grow(
  desired: Desired,
  live: KubeObject,
  size: string,
  { fence, resources, signal }: WriteScope,
): Promise<KubeObject> {
  await fence.check()
  try {
    return await resources.patch(desired.target, resized(live, size), signal)
  } catch (error) {
    if (!(error instanceof TychoError) || error.remedy !== 'giveUp') throw error
    throw cannotGrow(desired, size, error)
  }
}

/** The storage class says whether its volumes can. */
function cannotGrow({ target }: Desired, size: string, refusal: TychoError): TychoError {
  const message = `The claim \`${target.name}\` can't grow to ${size}: ask for the size that it has, or copy what is in it to a volume of a storage class that lets volumes grow. ${refusal.message}`
  return new TychoError('VOLUME_CANNOT_GROW', message, {
    status: 422,
    problems: [{ code: 'VOLUME_CANNOT_GROW', severity: 'error', path: target.composePath ?? '', message }],
    details: refusal.details,
    cause: refusal,
  })
}

function resized({ metadata }: KubeObject, size: unknown): object[] {
  return [
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    { op: 'replace', path: '/spec/resources/requests/storage', value: size },
  ]
}
