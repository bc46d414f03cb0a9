// Content hashes of what is compiled: equal content, equal hash, whatever the order of its keys.
import { createHash } from 'node:crypto'
import { ANNOTATION } from '../labels.ts'

/** 16 hex digits of SHA-256 over the value's canonical JSON. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 16)
}

/**
 * The hash of an object as compiled, which stands in its annotation `tycho.io/hash`. What is written later
 * (that annotation itself, the job's, the owner) does not count.
 */
export function hashManifest(body: Record<string, unknown>): string {
  const metadata = asRecord(body.metadata)
  const { ownerReferences: _owners, annotations, ...others } = metadata
  const { [ANNOTATION.hash]: _hash, [ANNOTATION.job]: _job, ...kept } = asRecord(annotations)
  return hashOf({ ...body, metadata: { ...others, annotations: kept } })
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
}
