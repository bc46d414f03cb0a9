// Deliveries: what was told to whom, what came of it, and once more.
import type { FastifyRequest } from 'fastify'
import type { DeliveryRecord } from '../../jobs/delivery.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { filteredPage, fromPageToken, listOf, toPageToken } from '../pages.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { ref } from '../schemas/components.ts'
import { keyHasNoEffect } from '../schemas/idempotency.ts'
import { refusals } from '../schemas/refusals.ts'
import {
  CallbackDeliveriesQuery,
  CallbackDeliveryParams,
  DeliveriesQuery,
  type Delivery,
  type DeliveryPage,
  WebhookDeliveryParams,
  WebhookParams,
} from '../schemas/webhook.ts'
import { toDelivery } from '../webhook-view.ts'
import { endpointOf, pingWebhook, readWebhook, redeliver } from '../webhooks.ts'

const tags = ['webhooks']

const accepted = ref<Delivery>('Delivery', 'Accepted: the delivery')
const page = ref<DeliveryPage>('DeliveryPage', 'One page, newest first')
const redelivery = {
  tags,
  summary: 'Deliver an event again, by the schedule from its beginning',
  description: keyHasNoEffect('while it is on its way it is not begun again, which is answered 409'),
}

const notRedelivered = ['DELIVERY_NOT_FOUND', 'DELIVERY_PENDING'] as const

export async function webhookDeliveryRoutes(scope: App, context: ApiContext): Promise<void> {
  addPingRoute(scope, context)
  addEndpointRoutes(scope, context)
  addCallbackRoutes(scope, context)
}

function addPingRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/webhooks/:id/ping',
    {
      schema: {
        tags,
        summary: 'Send `webhook.ping` to an endpoint, once; its deliveries show what came of it',
        description: keyHasNoEffect('another ping changes nothing'),
        params: WebhookParams,
        response: { 202: accepted, ...refusals('WEBHOOK_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      const delivery = await pingWebhook(context, tenantOf(request), request.params.id)
      return reply.code(202).send(toDelivery(delivery, context.retentionMs))
    },
  )
}

function addEndpointRoutes(scope: App, context: ApiContext): void {
  scope.get(
    '/webhooks/:id/deliveries',
    {
      schema: {
        tags,
        summary: 'List the deliveries to an endpoint, newest first',
        params: WebhookParams,
        querystring: DeliveriesQuery,
        response: { 200: page, ...refusals('WEBHOOK_NOT_FOUND', 'INVALID_PAGE_TOKEN') },
      },
    },
    async (request): Promise<DeliveryPage> => {
      const { id } = request.params
      await readWebhook(context, tenantOf(request), id)
      return listDeliveries(context, request, id, request.query)
    },
  )
  scope.post(
    '/webhooks/:id/deliveries/:deliveryId/redeliver',
    {
      schema: {
        ...redelivery,
        params: WebhookDeliveryParams,
        response: { 202: accepted, ...refusals(...notRedelivered, 'WEBHOOK_NOT_FOUND', 'WEBHOOK_DISABLED') },
      },
    },
    async (request, reply) => {
      const { id, deliveryId } = request.params
      const delivery = await redeliver(context, tenantOf(request), id, deliveryId)
      return reply.code(202).send(toDelivery(delivery, context.retentionMs))
    },
  )
}

function addCallbackRoutes(scope: App, context: ApiContext): void {
  scope.get(
    '/webhooks/callbacks/deliveries',
    {
      schema: {
        tags,
        summary: 'List the deliveries to the callbacks of requests, newest first',
        querystring: CallbackDeliveriesQuery,
        response: { 200: page, ...refusals('INVALID_PAGE_TOKEN') },
      },
    },
    (request): Promise<DeliveryPage> => listDeliveries(context, request, null, request.query),
  )
  scope.post(
    '/webhooks/callbacks/deliveries/:deliveryId/redeliver',
    {
      schema: {
        ...redelivery,
        params: CallbackDeliveryParams,
        response: { 202: accepted, ...refusals(...notRedelivered) },
      },
    },
    async (request, reply) => {
      const delivery = await redeliver(context, tenantOf(request), null, request.params.deliveryId)
      return reply.code(202).send(toDelivery(delivery, context.retentionMs))
    },
  )
}

async function listDeliveries(
  { store, retentionMs }: ApiContext,
  request: FastifyRequest,
  webhook: string | null,
  query: { pageSize?: number; pageToken?: string; status?: string; job?: string },
): Promise<DeliveryPage> {
  const { pageSize = 50, pageToken, status, job } = query
  const list = listOf(`deliveries of ${webhook}`, tenantOf(request).name)
  const { items, next } = await filteredPage<DeliveryRecord>({
    after: fromPageToken(list, pageToken),
    size: pageSize,
    read: (after, size) => store.deliveries.page(tenantOf(request).name, endpointOf(webhook), after, size),
    keep: (one) => (!status || one.status === status) && (!job || one.job === job),
    keyOf: (one) => one.id,
  })
  return {
    deliveries: items.map((one) => toDelivery(one, retentionMs)),
    ...(next !== null && { nextPageToken: toPageToken(list, next) }),
  }
}
