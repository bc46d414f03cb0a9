// New identities.
import { randomBytes } from 'node:crypto'
import { monotonicFactory } from 'ulid'

export type Ids = ReturnType<typeof createIds>

export function createIds() {
  const ulid = monotonicFactory()
  return {
    /** Sorts by time. */
    job: () => ulid().toLowerCase(),
    /** Sorts by time. */
    token: () => ulid().toLowerCase(),
    /** Both sort by time. */
    webhook: () => `whk_${ulid().toLowerCase()}`,
    event: () => `evt_${ulid().toLowerCase()}`,
    /** 32 hex digits. */
    sid: () => randomBytes(16).toString('hex'),
  }
}
