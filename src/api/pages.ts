// Pages of a list with a filter: read on until the page is full, within bounds.
import type { Page } from '../store/lists.ts'
import { apiError } from './api-error.ts'

/** How many pages of the store one request reads at most; then a page may be short and still have a next. */
const maxReads = 10

export type PageOptions<T> = {
  after: string | null
  size: number
  read: (after: string | null, size: number) => Promise<Page<T>>
  keep: (item: T) => boolean
  keyOf: (item: T) => string
}

export async function filteredPage<T>(options: PageOptions<T>): Promise<Page<T>> {
  const { size, read, keep, keyOf } = options
  const items: T[] = []
  let after = options.after
  for (let reads = 0; reads < maxReads; reads++) {
    const page = await read(after, size)
    const kept = page.items.filter(keep)
    const free = size - items.length
    items.push(...kept.slice(0, free))
    const last = kept[free - 1]
    if (kept.length > free && last !== undefined) return { items, next: keyOf(last) }
    after = page.next
    if (after === null || items.length === size) break
  }
  return { items, next: after }
}

/** Page tokens are the last key of a page, opaque to clients; `kind` keeps one list's token out of another's. */
export function toPageToken(kind: string, key: string): string {
  return Buffer.from(`${kind}:${key}`).toString('base64url')
}

/** Throws INVALID_PAGE_TOKEN (400). */
export function fromPageToken(kind: string, token: string | undefined): string | null {
  if (token === undefined) return null
  const text = Buffer.from(token, 'base64url').toString()
  if (!text.startsWith(`${kind}:`) || text.length > 300) {
    throw apiError('INVALID_PAGE_TOKEN', 'The pageToken is not one that this list has given out')
  }
  return text.slice(kind.length + 1)
}
