// Webhooks: who is told of events, what was sent, and the secrets that sign it.
import { type Connection, listOf } from './connection.ts'
import type {
  Delivery,
  DeliveryPage,
  NewWebhook,
  Webhook,
  WebhookPage,
  WebhookRequest,
  WebhookSecret,
} from './shapes.ts'

/** `job`: of the callbacks of requests alone. */
export type DeliveriesFilter = { status?: Delivery['status'] | undefined; job?: string | undefined }

export function webhookRequests(connection: Connection) {
  const { ask } = connection
  return {
    /** The only answer that holds the secret of the endpoint itself. */
    async createWebhook(request: WebhookRequest): Promise<NewWebhook> {
      return (await ask({ method: 'POST', path: '/v1/webhooks', body: request })).body as NewWebhook
    },

    /** Oldest first. */
    webhooks(): Promise<Webhook[]> {
      return listOf<WebhookPage, Webhook>(connection, '/v1/webhooks', {}, ({ webhooks }) => webhooks)
    },

    /** With its deliveries. */
    async deleteWebhook(id: string): Promise<void> {
      await ask({ method: 'DELETE', path: webhookPath(id) })
    },

    /** Answers what is on its way. */
    async pingWebhook(id: string): Promise<Delivery> {
      return (await ask({ method: 'POST', path: `${webhookPath(id)}/ping` })).body as Delivery
    },

    /** A new secret; null: of the tenant, for the callbacks of requests. The one before it signs too for a while. */
    async rotateWebhook(id: string | null): Promise<WebhookSecret> {
      const path = id === null ? '/v1/webhooks/secret/rotate' : `${webhookPath(id)}/rotate`
      return (await ask({ method: 'POST', path })).body as WebhookSecret
    },

    /** What signs the callbacks of requests. */
    async webhookSecret(): Promise<WebhookSecret> {
      return (await ask({ method: 'GET', path: '/v1/webhooks/secret' })).body as WebhookSecret
    },

    /** Newest first; null: of the callbacks of requests. */
    deliveries(id: string | null, filter: DeliveriesFilter, limit: number | null): Promise<Delivery[]> {
      const path = `${webhookPath(id ?? callbacks)}/deliveries`
      return listOf<DeliveryPage, Delivery>(connection, path, { filter, limit }, (page) => page.deliveries)
    },

    /** Once more; null: a callback of a request. */
    async redeliver(id: string | null, delivery: string): Promise<Delivery> {
      const path = `${webhookPath(id ?? callbacks)}/deliveries/${encodeURIComponent(delivery)}/redeliver`
      return (await ask({ method: 'POST', path })).body as Delivery
    },
  }
}

/** Stands for all of them where an endpoint would be named. */
const callbacks = 'callbacks'

function webhookPath(id: string): string {
  return `/v1/webhooks/${encodeURIComponent(id)}`
}
