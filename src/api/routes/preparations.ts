// Images that are pulled to the nodes before a batch is launched: ask for it, follow it node by node, end it.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isOver, type PreparationRecord } from '../../jobs/preparation.ts'
import { isStoreOutage } from '../../store/outage.ts'
import type { App } from '../app-types.ts'
import { batchOptions } from '../batches/batch-route.ts'
import type { ApiContext } from '../context.ts'
import { once } from '../idempotency.ts'
import { etagOf, matchesEtag, waitMsOf, waitSignals } from '../job-answer.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { acceptImages } from '../preparations/accept.ts'
import { toShownPreparation } from '../preparations/preparation-view.ts'
import { cancelPreparation, waitForPreparation } from '../preparations/preparations.ts'
import { pollHeaders, unchanged } from '../schemas/answers.ts'
import { BatchRequest } from '../schemas/batch.ts'
import { ref } from '../schemas/components.ts'
import { KeyedPreferHeaders, keyHasNoEffect, replayHeaders } from '../schemas/idempotency.ts'
import { type Preparation, PreparationParams } from '../schemas/preparation.ts'
import { PollHeaders, PreferHeaders, WaitQuery } from '../schemas/queries.ts'
import { refusals } from '../schemas/refusals.ts'

const tags = ['batches']
const pollAfterSeconds = 1

const location = { type: 'string', description: 'Where the preparation is polled' }

const shownPreparation = {
  description: 'The preparation',
  headers: pollHeaders,
  content: { 'application/json': { schema: ref<Preparation>('Preparation', 'The preparation') } },
}

const underWay = {
  ...shownPreparation,
  description: 'Accepted: the preparation',
  headers: { ...pollHeaders, Location: location },
}

export async function preparationRoutes(scope: App, context: ApiContext): Promise<void> {
  addAcceptRoute(scope, context)
  addShowRoute(scope, context)
  addCancelRoute(scope, context)
}

function addAcceptRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/batches/prepare',
    {
      ...batchOptions(context),
      schema: {
        tags,
        summary: 'Pull the images of a batch to the nodes before it is launched',
        description:
          'The request is that of a launch, and is checked as a launch is; of what it says of running systems only `timeoutSeconds` counts.',
        querystring: WaitQuery,
        headers: KeyedPreferHeaders,
        body: BatchRequest,
        response: {
          202: { ...underWay, headers: { ...underWay.headers, ...replayHeaders } },
          ...refusals(
            'INVALID_ITEMS',
            'INVALID_SYSTEM',
            'TOO_MANY_IMAGES',
            'CALLBACK_NOT_ALLOWED',
            'TOO_MANY_PREPARATIONS',
          ),
        },
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(request)
      const record = await once(context, request, reply, {
        first: (key) => acceptImages(context, tenant, request.body, key),
        again: (id) => context.store.preparations.get(id),
      })
      const waited = await waitForEnd(context, request, reply, record)
      tell(reply, waited).code(202).header('location', `/v1/preparations/${record.id}`)
      return toShownPreparation(waited)
    },
  )
}

function addShowRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/preparations/:id',
    {
      schema: {
        tags,
        summary:
          'Show a preparation; with `wait` once it is done, or has changed where there is `If-None-Match`',
        params: PreparationParams,
        querystring: WaitQuery,
        headers: PollHeaders,
        response: {
          200: shownPreparation,
          304: unchanged('The preparation'),
          ...refusals('PREPARATION_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      const known = request.headers['if-none-match']
      const record = await waitForPreparation(context, tenantOf(request), request.params.id, {
        until: (one) => isOver(one) || (known !== undefined && !matchesEtag(known, one)),
        timeoutMs: waitMsOf(request, reply, request.query),
        signals: waitSignals(context, reply),
      })
      tell(reply, record)
      if (matchesEtag(known, record)) return reply.code(304).send()
      return reply.send(toShownPreparation(record))
    },
  )
}

function addCancelRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/preparations/:id/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel a preparation: 202 while what pulls is being removed, 200 when it is done',
        description: keyHasNoEffect('asked again, it goes on with what it has begun'),
        params: PreparationParams,
        querystring: WaitQuery,
        headers: PreferHeaders,
        response: { 200: shownPreparation, 202: underWay, ...refusals('PREPARATION_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      const record = await cancelPreparation(context, tenantOf(request), request.params.id)
      const waited = await waitForEnd(context, request, reply, record)
      tell(reply, waited).code(isOver(waited) ? 200 : 202)
      if (!isOver(waited)) reply.header('location', `/v1/preparations/${waited.id}`)
      return reply.send(toShownPreparation(waited))
    },
  )
}

function tell(reply: FastifyReply, record: PreparationRecord): FastifyReply {
  reply.header('etag', etagOf(record)).header('cache-control', 'no-store')
  return isOver(record) ? reply : reply.header('retry-after', pollAfterSeconds)
}

/** The answer does not hang on the wait: what was asked is accepted. */
async function waitForEnd(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  record: PreparationRecord,
): Promise<PreparationRecord> {
  const timeoutMs = waitMsOf(request, reply, request.query as { wait?: number })
  if (timeoutMs === 0) return record
  const options = { until: isOver, timeoutMs, signals: waitSignals(context, reply) }
  try {
    return await waitForPreparation(context, tenantOf(request), record.id, options)
  } catch (error) {
    if (!isStoreOutage(error)) throw error
    return record
  }
}
