// A manifest made ready to be written: who owns it, and which job wrote it.
import { TychoError } from '../../../problem.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { ANNOTATION } from '../labels.ts'
import { kindOf } from './kinds.ts'
import { type Owner, toOwnerReference } from './memo.ts'
import type { Target } from './resources.ts'

/** `hash` is the compiler's, of the manifest alone. */
export type Desired = {
  target: Target
  apiVersion: string
  body: Body
  hash: string | undefined
  assumed: readonly string[]
}

export type Body = { metadata: BodyMetadata; [key: string]: unknown }
type BodyMetadata = { name: string; annotations: Record<string, string>; [key: string]: unknown }

/** Throws `OBJECT_INVALID` for a manifest without a name or of a kind that this engine does not know. */
export function toDesired(
  manifest: Manifest,
  identity: SystemIdentity,
  job: string,
  owner: Owner | undefined,
): Desired {
  const metadata = asRecord(manifest.body.metadata)
  const { apiVersion, kind } = manifest.body
  const known =
    typeof apiVersion === 'string' && typeof kind === 'string' ? kindOf(apiVersion, kind) : undefined
  if (!known || typeof metadata.name !== 'string') {
    throw new TychoError('OBJECT_INVALID', `${manifest.subject} is no object that this engine can write`, {
      status: 422,
    })
  }
  const given = asRecord(metadata.annotations) as Record<string, string>
  const body: Body = {
    ...manifest.body,
    metadata: {
      ...metadata,
      name: metadata.name,
      namespace: identity.namespace,
      annotations: { ...given, [ANNOTATION.job]: job },
      ...(owner && known.role !== 'kept' && { ownerReferences: [toOwnerReference(owner)] }),
    },
  }
  const target = {
    kind: known,
    namespace: identity.namespace,
    name: metadata.name,
    composePath: manifest.path,
  }
  return {
    target,
    apiVersion: `${apiVersion}`,
    body,
    hash: given[ANNOTATION.hash],
    assumed: manifest.assumed ?? [],
  }
}

/** The same with another job named as the writer. */
export function writtenBy(desired: Desired, job: string): Body {
  const { metadata } = desired.body
  return {
    ...desired.body,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [ANNOTATION.job]: job } },
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
