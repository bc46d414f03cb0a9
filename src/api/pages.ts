// Pages of a list with a filter: read on until the page is full, within bounds.
import { createHash } from 'node:crypto'
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

/** Names one list of one tenant. */
export function listOf(kind: string, tenant: string): string {
  return `${kind}/${tenant}`
}

/**
 * Page tokens are the last key of a page, opaque to clients. `list` keeps the token of one list, or of one tenant, out of
 * another's. The check is no secret: a token that somebody makes himself is a place in his own list, and nothing more.
 */
export function toPageToken(list: string, key: string): string {
  return Buffer.from(`${checkOf(list, key)}:${key}`).toString('base64url')
}

/** Throws INVALID_PAGE_TOKEN (400). */
export function fromPageToken(list: string, token: string | undefined): string | null {
  if (token === undefined) return null
  const text = Buffer.from(token, 'base64url').toString()
  const key = text.slice(checkDigits + 1)
  if (text.length > 300 || text !== `${checkOf(list, key)}:${key}`) {
    throw apiError('INVALID_PAGE_TOKEN', 'The pageToken is not one that this list has given out')
  }
  return key
}

const checkDigits = 16

function checkOf(list: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([list, key]))
    .digest('hex')
    .slice(0, checkDigits)
}
