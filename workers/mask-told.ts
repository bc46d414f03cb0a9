// What a cluster says may quote what it was asked to run: it is told without the secrets of the system.
import type { JobError } from '../src/jobs/job.ts'
import type { Seen } from '../src/jobs/observed.ts'
import type { Store } from '../src/store/store.ts'
import { createMasker, secretValuesOf } from '../src/system/secret-values.ts'
import type { StoredSpec } from './content.ts'

export type Mask = (text: string) => string

/** By the spec of this key; where it is kept no longer, what a text itself gives away is masked. */
export async function readMask(store: Store, key: string): Promise<Mask> {
  const stored = await store.contents.get<StoredSpec>(key).catch(() => null)
  return createMasker(stored ? secretValuesOf(stored.spec) : [])
}

export function maskError(error: JobError, mask: Mask): JobError {
  return { ...error, message: mask(error.message), details: maskAll(error.details, mask) }
}

/** The queue keeps the message and the stack of what a task throws, and the log may tell both. */
export function maskThrown(error: Error, mask: Mask): void {
  error.message = mask(error.message)
  if (error.stack !== undefined) error.stack = mask(error.stack)
}

/** `keyOf` is asked for the key of the spec only where something is quoted, which is rare. */
export async function maskSeen(
  store: Store,
  seen: Seen,
  keyOf: () => Promise<string | undefined>,
): Promise<Seen> {
  if (!Object.values(seen.services).some(({ reason }) => reason?.message.includes(quoteMark))) return seen
  const key = await keyOf()
  const mask = key === undefined ? createMasker([]) : await readMask(store, key)
  const services = Object.entries(seen.services).map(([name, state]) => {
    const { reason } = state
    return [name, reason ? { ...state, reason: { ...reason, message: mask(reason.message) } } : state]
  })
  return { ...seen, services: Object.fromEntries(services) }
}

/** Our own words come before it, those of the cluster after it. */
const quoteMark = ': '

function maskAll<T>(value: T, mask: Mask): T {
  if (typeof value === 'string') return mask(value) as T
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => maskAll(item, mask)) as T
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskAll(item, mask)])) as T
}
