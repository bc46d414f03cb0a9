// Content hashes.
import { createHash } from 'node:crypto'

/** 16 hex digits of SHA-256 over the value's JSON. The order of keys counts. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}
