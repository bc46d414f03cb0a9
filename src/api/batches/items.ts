// The members of a batch: by pages, or all of them as the list to hand out.
import { stringify } from 'csv-stringify/sync'
import type { Batch } from '../../jobs/batch.ts'
import type { JobStatus } from '../../jobs/job.ts'
import type { MemberRecords, StandingMember } from '../../store/batches.ts'
import type { ApiContext } from '../context.ts'
import { fromPageToken, listOf, toPageToken } from '../pages.ts'
import type { BatchItem, BatchItemPage } from '../schemas/batch.ts'
import { toBatchItem } from './batch-view.ts'

/** How many members are read at once, and how many times for one page. */
const chunk = 200
const maxReads = 50

export type ItemsQuery = {
  pageSize?: number
  pageToken?: string
  status?: JobStatus
  clientId?: string
}

/** A page may be short and still have a next. Throws INVALID_PAGE_TOKEN (400). */
export async function itemPage(
  context: ApiContext,
  batch: Batch,
  { pageSize = 50, pageToken, status, clientId }: ItemsQuery,
): Promise<BatchItemPage> {
  const kind = listOf(`items of ${batch.id}`, batch.tenant)
  const from = fromPageToken(kind, pageToken)
  if (clientId !== undefined) return { items: await itemOf(context, batch, clientId) }
  const found: StandingMember[] = []
  let after: number | null = from === null ? -1 : Number(from)
  for (let reads = 0; reads < maxReads && after !== null && found.length < pageSize; reads++) {
    const size = status ? chunk : pageSize - found.length
    const page: Awaited<ReturnType<typeof context.store.batches.page>> = await context.store.batches.page(
      batch,
      after,
      size,
    )
    const kept = page.items.filter(({ state }) => !status || state.status === status)
    const free = pageSize - found.length
    found.push(...kept.slice(0, free))
    after = kept.length > free ? (kept[free - 1]?.index ?? null) : page.next
  }
  const items = await toItems(context, batch, found)
  return { items, ...(after !== null && { nextPageToken: toPageToken(kind, `${after}`) }) }
}

async function itemOf(context: ApiContext, batch: Batch, clientId: string): Promise<BatchItem[]> {
  const index = await context.store.batches.byClient(batch.id, clientId)
  return index === null ? [] : toItems(context, batch, await context.store.batches.members(batch.id, [index]))
}

export async function toItems(
  { store }: ApiContext,
  batch: Batch,
  members: readonly StandingMember[],
): Promise<BatchItem[]> {
  if (members.length === 0) return []
  const records = await store.batches.records(batch, members)
  return records.map(({ member, job, system }: MemberRecords) => toBatchItem(batch, member, job, system))
}

const COLUMNS = ['name', 'url', 'port', 'status', 'clientId', 'error']

/** Text of the table, a part at a time. A cell that a spreadsheet would take for a formula is escaped. */
export async function* itemTable(
  context: ApiContext,
  batch: Batch,
  status: JobStatus | undefined,
): AsyncGenerator<string> {
  yield toLines([COLUMNS])
  for (let after: number | null = -1; after !== null; ) {
    const page: Awaited<ReturnType<typeof context.store.batches.page>> = await context.store.batches.page(
      batch,
      after,
      chunk,
    )
    const kept = page.items.filter(({ state }) => !status || state.status === status)
    const items = await toItems(context, batch, kept)
    if (items.length > 0) yield toLines(items.map(toRow))
    after = page.next
  }
}

function toLines(rows: string[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: '\r\n' })
}

function toRow({ name, url, endpoints, status, clientId, error }: BatchItem): string[] {
  const ports = endpoints.map(({ port }) => `${port}`).join(' ')
  return [name, url ?? '', ports, status, clientId ?? '', error ? `${error.code}: ${error.message}` : '']
}
