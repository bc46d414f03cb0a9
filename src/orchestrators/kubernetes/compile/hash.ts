// The hash of an object as compiled.
import { hashOf } from '../../../system/hash.ts'
import { ANNOTATION } from '../labels.ts'

/**
 * The hash of an object as compiled, which stands in its annotation `tycho.io/hash`. What is written later
 * (that annotation itself, the job's, the owner) does not count.
 */
export function hashManifest(body: Record<string, unknown>): string {
  const { ownerReferences: _owners, annotations, ...metadata } = asRecord(body.metadata)
  const { [ANNOTATION.hash]: _hash, [ANNOTATION.job]: _job, ...kept } = asRecord(annotations)
  return hashOf({ ...body, metadata: { ...metadata, annotations: kept } })
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
