// Batches: plan, start, poll, read, end.
import { type Connection, listOf, longPollSeconds, newerThan, toQuery } from './connection.ts'
import type {
  AcceptedBatch,
  Batch,
  BatchItem,
  BatchItemPage,
  BatchPage,
  BatchPlan,
  BatchRequest,
} from './shapes.ts'

/** A batch, and the tag by which the next poll asks for a newer one. */
export type TaggedBatch<Of extends Batch = Batch> = { batch: Of; etag: string | null }

export type ItemsFilter = { status?: Batch['status']; clientId?: string }

export function batchRequests(connection: Connection) {
  const { ask, text } = connection
  return {
    /** What it needs; nothing is started. */
    async planBatch(request: BatchRequest, signal?: AbortSignal): Promise<BatchPlan> {
      return (await ask({ method: 'POST', path: '/v1/batches/plan', body: request, signal }))
        .body as BatchPlan
    },

    async startBatch(request: BatchRequest, signal?: AbortSignal): Promise<TaggedBatch<AcceptedBatch>> {
      return toTagged(await ask({ method: 'POST', path: '/v1/batches', body: request, signal }))
    },

    async batch(id: string): Promise<TaggedBatch> {
      return toTagged(await ask({ method: 'GET', path: batchPath(id) }))
    },

    /**
     * Answers when nothing more happens to it by itself or it differs from `etag`, or after half a minute: then null
     * where nothing changed.
     */
    async pollBatch(id: string, etag: string, signal?: AbortSignal): Promise<TaggedBatch | null> {
      const path = `${batchPath(id)}?wait=${longPollSeconds}`
      const answer = await ask({ method: 'GET', path, headers: newerThan(etag), signal })
      return answer.status === 304 ? null : toTagged(answer)
    },

    /** Newest first, at most `limit`; null: all. */
    batches(limit: number | null): Promise<Batch[]> {
      return listOf<BatchPage, Batch>(connection, '/v1/batches', { limit }, ({ batches }) => batches)
    },

    /** In the order of the request. */
    batchItems(id: string, filter: ItemsFilter, limit: number | null = null): Promise<BatchItem[]> {
      return listOf<BatchItemPage, BatchItem>(
        connection,
        `${batchPath(id)}/items`,
        { filter, limit },
        ({ items }) => items,
      )
    },

    /** The list to hand out, a part at a time. */
    batchTable(id: string, { status }: Pick<ItemsFilter, 'status'>): AsyncGenerator<string> {
      const path = `${batchPath(id)}/items${toQuery({ status })}`
      return text({ method: 'GET', path, headers: { accept: 'text/csv, application/problem+json' } })
    },

    /** What waits is not started, what is starting is undone; what runs stays. */
    async cancelBatch(id: string): Promise<TaggedBatch> {
      return toTagged(await ask({ method: 'POST', path: `${batchPath(id)}/cancel` }))
    },

    /** What has failed, once more. */
    async retryBatch(id: string): Promise<TaggedBatch> {
      return toTagged(await ask({ method: 'POST', path: `${batchPath(id)}/retry` }))
    },

    /** `volumes`: named volumes are deleted too. */
    async stopBatch(id: string, volumes: boolean): Promise<TaggedBatch> {
      const path = `${batchPath(id)}${toQuery({ volumes: volumes || undefined })}`
      return toTagged(await ask({ method: 'DELETE', path }))
    },
  }
}

function toTagged<Of extends Batch>({ headers, body }: { headers: Headers; body: unknown }): TaggedBatch<Of> {
  return { batch: body as Of, etag: headers.get('etag') }
}

function batchPath(id: string): string {
  return `/v1/batches/${encodeURIComponent(id)}`
}
