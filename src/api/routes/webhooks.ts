// Webhooks: who is told of events. The secrets are shown by the routes that make or ask for them, and nowhere else.
import type { WebhookRecord } from '../../jobs/webhook.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { once } from '../idempotency.ts'
import { fromPageToken, listOf, toPageToken } from '../pages.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { ref } from '../schemas/components.ts'
import { KeyedHeaders, replayHeaders } from '../schemas/idempotency.ts'
import { refusals } from '../schemas/refusals.ts'
import {
  type NewWebhook,
  type Webhook,
  type WebhookPage,
  WebhookParams,
  WebhookPatch,
  WebhookRequest,
  type WebhookSecret,
  WebhooksQuery,
} from '../schemas/webhook.ts'
import { toNewWebhook, toSecret, toWebhook } from '../webhook-view.ts'
import {
  changeWebhook,
  deleteWebhook,
  readWebhook,
  registerWebhook,
  rotateTenantSecret,
  rotateWebhook,
  tenantSecrets,
} from '../webhooks.ts'

const tags = ['webhooks']

/** Who may only read can't sign in the name of Tycho. */
const config = { scope: 'write' as const }

const secretAnswer = {
  description: 'The new secret; the one before it signs too for a while',
  headers: replayHeaders,
  content: { 'application/json': { schema: ref<WebhookSecret>('WebhookSecret', 'The secret') } },
}

export async function webhookRoutes(scope: App, context: ApiContext): Promise<void> {
  addCreateRoute(scope, context)
  addListRoute(scope, context)
  addShowRoute(scope, context)
  addChangeRoute(scope, context)
  addDeleteRoute(scope, context)
  addRotateRoute(scope, context)
  addTenantSecretRoutes(scope, context)
}

function addCreateRoute(scope: App, context: ApiContext): void {
  const created = {
    description: 'The endpoint with its secret, which no other route shows',
    headers: {
      ...replayHeaders,
      Location: { type: 'string', description: 'Where it is shown without its secret' },
    },
    content: { 'application/json': { schema: ref<NewWebhook>('NewWebhook', 'The endpoint') } },
  }
  scope.post(
    '/webhooks',
    {
      schema: {
        tags,
        summary: 'Register an endpoint that is told of events',
        headers: KeyedHeaders,
        body: WebhookRequest,
        response: { 201: created, ...refusals('TOO_MANY_WEBHOOKS', 'CALLBACK_NOT_ALLOWED') },
      },
    },
    async (request, reply) => {
      const tenant = tenantOf(request)
      const webhook = await once<WebhookRecord>(context, request, reply, {
        first: (key) => registerWebhook(context, tenant, request.body, key),
        again: (id) => context.store.webhooks.get(tenant.name, id),
      })
      reply.code(201).header('location', `/v1/webhooks/${webhook.id}`).header('cache-control', 'no-store')
      return reply.send(toNewWebhook(webhook, Date.now()))
    },
  )
}

function addListRoute(scope: App, { store }: ApiContext): void {
  scope.get(
    '/webhooks',
    {
      schema: {
        tags,
        summary: 'List the endpoints, oldest first',
        querystring: WebhooksQuery,
        response: { 200: ref<WebhookPage>('WebhookPage', 'One page'), ...refusals('INVALID_PAGE_TOKEN') },
      },
    },
    async (request): Promise<WebhookPage> => {
      const { pageSize = 50, pageToken } = request.query
      const list = listOf('webhooks', tenantOf(request).name)
      const after = fromPageToken(list, pageToken) ?? ''
      const all = await store.webhooks.all(tenantOf(request).name)
      const rest = all.filter(({ id }) => id > after).toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const page = rest.slice(0, pageSize)
      const last = rest.length > pageSize ? page.at(-1) : undefined
      return {
        webhooks: page.map(toWebhook),
        ...(last && { nextPageToken: toPageToken(list, last.id) }),
      }
    },
  )
}

function addShowRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Show an endpoint, without its secret',
        params: WebhookParams,
        response: { 200: ref<Webhook>('Webhook', 'The endpoint'), ...refusals('WEBHOOK_NOT_FOUND') },
      },
    },
    async (request): Promise<Webhook> =>
      toWebhook(await readWebhook(context, tenantOf(request), request.params.id)),
  )
}

function addChangeRoute(scope: App, context: ApiContext): void {
  scope.patch(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Change an endpoint: URL, events, description, or whether it is enabled',
        params: WebhookParams,
        body: WebhookPatch,
        response: {
          200: ref<Webhook>('Webhook', 'The endpoint'),
          ...refusals('WEBHOOK_NOT_FOUND', 'CALLBACK_NOT_ALLOWED'),
        },
      },
    },
    async (request): Promise<Webhook> =>
      toWebhook(await changeWebhook(context, tenantOf(request), request.params.id, request.body)),
  )
}

function addDeleteRoute(scope: App, context: ApiContext): void {
  scope.delete(
    '/webhooks/:id',
    {
      schema: {
        tags,
        summary: 'Delete an endpoint, with its deliveries',
        params: WebhookParams,
        response: {
          204: { description: 'It is told of nothing any more', type: 'null' as const },
          ...refusals('WEBHOOK_NOT_FOUND'),
        },
      },
    },
    async (request, reply) => {
      await deleteWebhook(context, tenantOf(request), request.params.id)
      return reply.code(204).send(null)
    },
  )
}

function addRotateRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/webhooks/:id/rotate',
    {
      schema: {
        tags,
        summary: 'Give an endpoint a new secret; for a while both sign',
        headers: KeyedHeaders,
        params: WebhookParams,
        response: { 200: secretAnswer, ...refusals('WEBHOOK_NOT_FOUND') },
      },
    },
    async (request, reply): Promise<WebhookSecret> => {
      const tenant = tenantOf(request)
      const secrets = await once(context, request, reply, {
        first: (key) => rotateWebhook(context, tenant, request.params.id, key),
        again: async (id) => (await context.store.webhooks.get(tenant.name, id))?.secrets ?? null,
      })
      reply.header('cache-control', 'no-store')
      return toSecret(secrets, Date.now())
    },
  )
}

function addTenantSecretRoutes(scope: App, context: ApiContext): void {
  const shown = ref<WebhookSecret>('WebhookSecret', 'The secret of the tenant')
  scope.get(
    '/webhooks/secret',
    {
      config,
      schema: {
        tags,
        summary: 'Show the secret that signs what goes to the callbacks of requests',
        response: { 200: shown },
      },
    },
    async (request, reply): Promise<WebhookSecret> => {
      reply.header('cache-control', 'no-store')
      return toSecret(await tenantSecrets(context, tenantOf(request)), Date.now())
    },
  )
  scope.post(
    '/webhooks/secret/rotate',
    {
      schema: {
        tags,
        summary: 'Make a new secret for the callbacks of requests; for a while both sign',
        headers: KeyedHeaders,
        response: { 200: secretAnswer },
      },
    },
    async (request, reply): Promise<WebhookSecret> => {
      const tenant = tenantOf(request)
      const secrets = await once(context, request, reply, {
        first: (key) => rotateTenantSecret(context, tenant, key),
        again: () => tenantSecrets(context, tenant),
      })
      reply.header('cache-control', 'no-store')
      return toSecret(secrets, Date.now())
    },
  )
}
