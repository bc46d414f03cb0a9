// Brings an object that exists, and can become it, to what is wanted: server-side apply, with a way round its defects.
import { TychoError } from '../../../problem.ts'
import { ANNOTATION } from '../labels.ts'
import { codes } from './api-error.ts'
import { writerOf } from './decide.ts'
import { type Body, type Desired, writtenBy } from './desired.ts'
import { isSameContent, movedToApply } from './managed-fields.ts'
import { mergeDesired } from './merge-desired.ts'
import type { KubeObject } from './objects.ts'
import type { WriteScope, Written } from './write.ts'

/**
 * Answers `unchanged` when the object was so already; its version says less, because controllers move it on. Throws
 * `OBJECT_CONFLICT` when it is no longer as it was read.
 */
export async function applyObject(desired: Desired, live: KubeObject, scope: WriteScope): Promise<Written> {
  const { resources, fence, signal } = scope
  const body = writtenBy(desired, writerOf(desired, live, fence.job))
  if (await isSoAlready(body, desired, live, scope)) return { action: 'unchanged', live }
  const before = await moveFieldsToApply(desired, live, scope)
  await fence.check()
  const metadata = { ...body.metadata, uid: live.metadata.uid }
  try {
    const after = await resources.apply(desired.target, { ...body, metadata }, signal)
    return { action: isSameContent(live, after) ? 'unchanged' : 'configured', live: after }
  } catch (error) {
    if (!isInvalid(error)) throw error
    return await replaceObject(body, before, error, desired, scope)
  }
}

/**
 * For an object that is as it was created: an apply would write its managed fields anew, and with that a version, even
 * where it changes nothing. The server is asked first; one that somebody else has changed is written all the same.
 */
async function isSoAlready(
  body: Body,
  desired: Desired,
  live: KubeObject,
  { resources, signal }: WriteScope,
): Promise<boolean> {
  const isCreated = movedToApply(live.metadata.managedFields) !== undefined
  if (!isCreated || live.metadata.annotations?.[ANNOTATION.hash] !== desired.hash) return false
  return isSameContent(live, await resources.dryRun(desired.target, body, signal))
}

/** Answers the object as it is afterwards: the same when nothing had to be moved. */
async function moveFieldsToApply(desired: Desired, live: KubeObject, scope: WriteScope): Promise<KubeObject> {
  const managedFields = movedToApply(live.metadata.managedFields)
  if (!managedFields) return live
  await scope.fence.check()
  const operations = [
    { op: 'replace', path: '/metadata/managedFields', value: managedFields },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ]
  return scope.resources.patch(desired.target, operations, scope.signal)
}

/**
 * For an apply that was refused: writes what it should have made, at once, because a state in between would be rolled
 * out or be refused itself. Where nothing was to be taken out, the refusal was right, and stands.
 */
async function replaceObject(
  body: Body,
  live: KubeObject,
  refusal: unknown,
  desired: Desired,
  { resources, fence, signal }: WriteScope,
): Promise<Written> {
  const { object, drops } = mergeDesired(live, body)
  if (!drops) throw refusal
  await fence.check()
  return {
    action: 'configured',
    live: await resources.patch(desired.target, toOperations(object, live), signal),
  }
}

/** The metadata carries the uid and the version that were read: another object, or a newer state of it, is a conflict. */
function toOperations(object: Record<string, unknown>, live: KubeObject): object[] {
  const parts = Object.keys({ ...live, ...object }).filter((key) => !untouched.has(key))
  return parts.map((key) =>
    key in object ? { op: 'add', path: `/${key}`, value: object[key] } : { op: 'remove', path: `/${key}` },
  )
}

function isInvalid(error: unknown): boolean {
  return error instanceof TychoError && error.code === codes.invalid && error.details.statusCode === 422
}

const untouched: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'status'])
