// What of a system's objects is not as it was applied. The API server itself says so: an apply that is not carried out
// answers the object as it would be, defaults and all, and that is compared with how it is.
// https://kubernetes.io/docs/reference/using-api/server-side-apply/
import { isDeepStrictEqual } from 'node:util'
import type { Difference } from '../../../system/difference.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Manifest, Stage } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { ANNOTATION, LABEL } from '../labels.ts'
import { toDesired, writtenBy } from './desired.ts'
import type { KubeObject } from './objects.ts'
import type { Resources } from './resources.ts'
import { isTree, toTree } from './tree.ts'

const requestsAtOnce = 8

/** Of one object that many are named; the first say enough. */
const pathsNamed = 5

/**
 * Nothing where every object is as it was applied; what others have added without changing it does not count. Throws
 * TychoError where the cluster can't tell.
 */
export async function findDifferences(
  resources: Resources,
  identity: SystemIdentity,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<Difference[]> {
  const manifests = stages.flatMap((stage) => stage.manifests)
  const found = await concurrently(manifests, requestsAtOnce, async (manifest) => {
    const message = await differenceOf(manifest, identity, resources, signal)
    return message === undefined ? [] : [{ subject: manifest.subject, message }]
  })
  return found.flat()
}

async function differenceOf(
  manifest: Manifest,
  identity: SystemIdentity,
  resources: Resources,
  signal: AbortSignal,
): Promise<string | undefined> {
  const desired = toDesired(manifest, identity, '', undefined)
  const live = await resources.read(desired.target, signal)
  if (!live || live.metadata.deletionTimestamp) return 'was deleted'
  if (desired.target.kind.role !== 'kept' && live.metadata.labels?.[LABEL.sid] !== identity.sid)
    return 'was replaced by another object of this name'
  const job = live.metadata.annotations?.[ANNOTATION.job] ?? ''
  const wanted = await resources.dryRun(desired.target, writtenBy(desired, job), signal)
  const paths = changedPaths(whatCounts(live), whatCounts(wanted))
  return paths.length > 0 ? `was changed: ${toSentence(paths)}` : undefined
}

function whatCounts({ status: _theirs, metadata, ...rest }: KubeObject): Record<string, unknown> {
  return { ...rest, metadata: { labels: metadata.labels, annotations: metadata.annotations } }
}

/** Paths of the leaves that differ, with both values where these can be no secret. */
function changedPaths(live: unknown, wanted: unknown, path: readonly string[] = []): string[] {
  if (isDeepStrictEqual(live, wanted)) return []
  if (!isNested(live) || !isNested(wanted)) return [`${path.join('.')}${valuesOf(path, live, wanted)}`]
  const [a, b] = [toTree({ ...live }), toTree({ ...wanted })]
  const keys = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...keys].flatMap((key) => changedPaths(a[key], b[key], [...path, key]))
}

function isNested(value: unknown): value is object {
  return isTree(value) || Array.isArray(value)
}

function valuesOf(path: readonly string[], live: unknown, wanted: unknown): string {
  const isShown = (value: unknown) => typeof value === 'number' || typeof value === 'boolean'
  const isImage = path.at(-1) === 'image'
  return isImage || (isShown(live) && isShown(wanted)) ? ` is ${live} instead of ${wanted}` : ''
}

function toSentence(paths: readonly string[]): string {
  const rest = paths.length - pathsNamed
  return `${paths.slice(0, pathsNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
