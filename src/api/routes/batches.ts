// Batches: submit many systems as one, follow them, hand out the list, and end or try again the whole.
import { Readable } from 'node:stream'
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import { acceptBatch } from '../batches/accept.ts'
import { answerBatch, batchHeaders, waitForRest } from '../batches/batch-answer.ts'
import { batchMessages } from '../batches/batch-messages.ts'
import { batchOptions } from '../batches/batch-route.ts'
import { isAtRest, toShownBatch } from '../batches/batch-view.ts'
import { itemPage, itemTable } from '../batches/items.ts'
import { planBatch } from '../batches/plan.ts'
import { waitForBatch } from '../batches/wait-for-batch.ts'
import { cancelBatch, readBatch, retryBatch, stopBatch } from '../batches/wishes.ts'
import type { ApiContext } from '../context.ts'
import { openEventStream } from '../event-stream.ts'
import { once } from '../idempotency.ts'
import { matchesEtag, waitMsOf, waitSignals } from '../job-answer.ts'
import { fromPageToken, listOf, toPageToken } from '../pages.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { eventStream, pollHeaders, unchanged } from '../schemas/answers.ts'
import {
  type AcceptedBatch,
  type Batch,
  BatchesQuery,
  type BatchItemPage,
  BatchItemsQuery,
  type BatchPage,
  BatchParams,
  BatchQuery,
  BatchRequest,
  BatchStopQuery,
  type SkippedItem,
} from '../schemas/batch.ts'
import type { BatchPlan } from '../schemas/batch-plan.ts'
import { ref } from '../schemas/components.ts'
import { KeyedPreferHeaders, keyHasNoEffect, replayHeaders } from '../schemas/idempotency.ts'
import { EventHeaders, NoQuery, PollHeaders, PreferHeaders } from '../schemas/queries.ts'
import { ofCluster, ofNewSystem, refusals } from '../schemas/refusals.ts'

const tags = ['batches']

export async function batchRoutes(scope: App, context: ApiContext): Promise<void> {
  addAcceptRoute(scope, context)
  addPlanRoute(scope, context)
  addListRoute(scope, context)
  addShowRoute(scope, context)
  addItemsRoute(scope, context)
  addEventsRoute(scope, context)
  addCancelRoute(scope, context)
  addRetryRoute(scope, context)
  addStopRoute(scope, context)
}

const location = { type: 'string', description: 'Where the batch is polled' }

const shownBatch = {
  description: 'The batch',
  headers: pollHeaders,
  content: { 'application/json': { schema: ref<Batch>('Batch', 'The batch') } },
}

const batchUnderWay = {
  ...shownBatch,
  description: 'Accepted: the batch',
  headers: { ...pollHeaders, Location: location },
}

function addAcceptRoute(scope: App, context: ApiContext): void {
  const accepted = {
    description: 'Accepted: the batch, and what was left out of it',
    headers: { ...pollHeaders, Location: location, ...replayHeaders },
    content: { 'application/json': { schema: ref<AcceptedBatch>('AcceptedBatch', 'The batch') } },
  }
  scope.post(
    '/batches',
    {
      ...batchOptions(context),
      schema: {
        tags,
        summary: 'Start many systems of one template',
        querystring: BatchQuery,
        headers: KeyedPreferHeaders,
        body: BatchRequest,
        response: {
          202: accepted,
          ...refusals(
            'INVALID_ITEMS',
            'INVALID_SYSTEM',
            'BATCH_DOES_NOT_FIT',
            'CALLBACK_NOT_ALLOWED',
            ...ofNewSystem,
          ),
        },
      },
    },
    async (request, reply): Promise<AcceptedBatch> => {
      const tenant = tenantOf(request)
      const { batch, skippedItems } = await once(context, request, reply, {
        first: (key) => acceptBatch(context, tenant, request.body, key),
        again: async (id) => {
          const batch = await context.store.batches.read(id)
          return batch && { batch, skippedItems: await context.store.batches.skipped<SkippedItem>(id) }
        },
      })
      const waited = await waitForRest(context, reply, batch, waitMsOf(request, reply, request.query))
      batchHeaders(reply, waited).code(202).header('location', `/v1/batches/${batch.id}`)
      return { ...toShownBatch(waited), ...(skippedItems.length > 0 && { skippedItems }) }
    },
  )
}

function addPlanRoute(scope: App, context: ApiContext): void {
  const options = batchOptions(context)
  scope.post(
    '/batches/plan',
    {
      ...options,
      // It writes nothing: only what is sent is too much for a GET.
      config: { ...options.config, scope: 'read' as const },
      schema: {
        tags,
        summary: 'Say what a batch needs, and what the cluster has, before it is launched',
        description: `The request is that of a launch, so that the same can be planned first, and is checked as a launch is. What does not fit is no refusal here: the answer says so. ${keyHasNoEffect('nothing is written')}`,
        body: BatchRequest,
        response: {
          200: ref<BatchPlan>('BatchPlan', 'What it needs, and whether it fits'),
          ...refusals('INVALID_ITEMS', 'INVALID_SYSTEM', 'CALLBACK_NOT_ALLOWED', ...ofCluster),
        },
      },
    },
    async (request, reply): Promise<BatchPlan> => {
      reply.header('cache-control', 'no-store')
      const signal = AbortSignal.any(waitSignals(context, reply))
      return planBatch(context, tenantOf(request), request.body, signal)
    },
  )
}

function addListRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/batches',
    {
      schema: {
        tags,
        summary: 'List batches, newest first',
        querystring: BatchesQuery,
        response: { 200: ref<BatchPage>('BatchPage', 'One page'), ...refusals('INVALID_PAGE_TOKEN') },
      },
    },
    async (request): Promise<BatchPage> => {
      const { pageSize = 50, pageToken } = request.query
      const tenant = tenantOf(request).name
      const list = listOf('batches', tenant)
      const page = await context.store.batches.list(tenant, fromPageToken(list, pageToken), pageSize)
      const batches = page.items.map(toShownBatch)
      return { batches, ...(page.next !== null && { nextPageToken: toPageToken(list, page.next) }) }
    },
  )
}

function addShowRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/batches/:id',
    {
      schema: {
        tags,
        summary: 'Show a batch; with `wait` once it is done, or has changed where there is `If-None-Match`',
        params: BatchParams,
        querystring: BatchQuery,
        headers: PollHeaders,
        response: { 200: shownBatch, 304: unchanged('The batch'), ...refusals('BATCH_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const known = request.headers['if-none-match']
      const { name } = tenantOf(request)
      const batch = await waitForBatch(context.store, id, {
        until: (one) =>
          one.tenant !== name || isAtRest(one) || (known !== undefined && !matchesEtag(known, one)),
        timeoutMs: waitMsOf(request, reply, request.query),
        signals: waitSignals(context, reply),
      })
      if (batch?.tenant !== name) throw apiError('BATCH_NOT_FOUND', `There is no batch ${id}`)
      batchHeaders(reply, batch)
      if (matchesEtag(known, batch)) return reply.code(304).send()
      return reply.send(toShownBatch(batch))
    },
  )
}

function addItemsRoute(scope: App, context: ApiContext): void {
  const items = {
    description: 'One page; as `text/csv` all of them, as a list to hand out',
    headers: {
      'Content-Disposition': { type: 'string', description: 'Of a CSV: the name of its file' },
    },
    content: {
      'application/json': { schema: ref<BatchItemPage>('BatchItemPage', 'One page') },
      'text/csv': { schema: { type: 'string', description: 'name, url, port, status, clientId, error' } },
    },
  }
  scope.get(
    '/batches/:id/items',
    {
      schema: {
        tags,
        summary: 'List the members of a batch, in the order of the request',
        params: BatchParams,
        querystring: BatchItemsQuery,
        response: { 200: items, ...refusals('BATCH_NOT_FOUND', 'INVALID_PAGE_TOKEN') },
      },
    },
    async (request, reply) => {
      const batch = await readBatch(context, tenantOf(request), request.params.id)
      if (!wantsCsv(request.headers.accept)) {
        return reply.type('application/json').send(await itemPage(context, batch, request.query))
      }
      reply
        .type('text/csv; charset=utf-8; header=present')
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${batch.name}.csv"`)
      return reply.send(Readable.from(itemTable(context, batch, request.query.status)))
    },
  )
}

/** Asked for by name; who takes anything gets JSON. */
function wantsCsv(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((type) => type.split(';')[0]?.trim().toLowerCase() === 'text/csv')
}

function addEventsRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/batches/:id/events',
    {
      schema: {
        tags,
        summary:
          'Follow a batch: its present state and, for who comes back, the items that changed since; then changes; the last event is `done`',
        params: BatchParams,
        querystring: NoQuery,
        headers: EventHeaders,
        response: {
          200: eventStream('Events `batch` and `done` with the batch, `item` with one of its items'),
          ...refusals('BATCH_NOT_FOUND', 'NOT_ACCEPTABLE'),
        },
      },
    },
    (request, reply) =>
      openEventStream(context, request, reply, async (stream) => {
        const { id } = await readBatch(context, tenantOf(request), request.params.id)
        return batchMessages(context, id, stream)
      }),
  )
}

const repeatable = keyHasNoEffect('asked again, it goes on with what it has begun')

function addCancelRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/batches/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a batch: 202 while members are being canceled, 200 when all are done',
        description: repeatable,
        params: BatchParams,
        querystring: BatchQuery,
        headers: PreferHeaders,
        response: { 200: shownBatch, 202: batchUnderWay, ...refusals('BATCH_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      const batch = await cancelBatch(context, tenantOf(request), request.params.id)
      return reply.send(await answerBatch(context, reply, batch, waitMsOf(request, reply, request.query)))
    },
  )
}

function addRetryRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/batches/:id/retry',
    {
      schema: {
        tags,
        summary: 'Try again what has failed, in another round; 200 when there is nothing to do',
        description: repeatable,
        params: BatchParams,
        querystring: BatchQuery,
        headers: PreferHeaders,
        response: {
          200: shownBatch,
          202: batchUnderWay,
          ...refusals('BATCH_NOT_FOUND', 'CHANGE_UNDER_WAY', 'JOB_LIMIT', 'QUEUE_FULL'),
        },
      },
    },
    async (request, reply) => {
      const batch = await retryBatch(context, tenantOf(request), request.params.id)
      return reply.send(await answerBatch(context, reply, batch, waitMsOf(request, reply, request.query)))
    },
  )
}

function addStopRoute(scope: App, context: ApiContext): void {
  scope.delete(
    '/batches/:id',
    {
      schema: {
        tags,
        summary: 'Stop every system of a batch; those that wait are not started',
        params: BatchParams,
        querystring: BatchStopQuery,
        headers: PreferHeaders,
        response: { 200: shownBatch, 202: batchUnderWay, ...refusals('BATCH_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      const { volumes = false } = request.query
      const batch = await stopBatch(context, tenantOf(request), request.params.id, volumes)
      return reply.send(await answerBatch(context, reply, batch, waitMsOf(request, reply, request.query)))
    },
  )
}
