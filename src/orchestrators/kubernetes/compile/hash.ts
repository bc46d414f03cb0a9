// Content hashes of what is compiled.
import { createHash } from 'node:crypto'
import { ANNOTATION } from '../labels.ts'

/** 16 hex digits of SHA-256 over the value's JSON. The order of keys counts: the compiler's is fixed. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}

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
