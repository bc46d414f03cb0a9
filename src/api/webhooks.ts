// What can be done with the webhooks of a tenant: register, change, ping, rotate, deliver again.
import { callbackEndpoint, type DeliveryRecord, newDelivery, redelivered } from '../jobs/delivery.ts'
import { toTime } from '../jobs/job-view.ts'
import { rotated, type Secrets, type WebhookRecord } from '../jobs/webhook.ts'
import type { RequestKey } from '../store/request-keys.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { createSecret } from '../webhooks/sign.ts'
import { apiError } from './api-error.ts'
import { checkCallback } from './callback.ts'
import type { ApiContext } from './context.ts'
import { repeated } from './idempotency.ts'
import type { WebhookPatch, WebhookRequest } from './schemas/webhook.ts'

/** Throws WEBHOOK_NOT_FOUND (404). */
export async function readWebhook({ store }: ApiContext, tenant: Tenant, id: string): Promise<WebhookRecord> {
  return (await store.webhooks.get(tenant.name, id)) ?? notFound(id)
}

/** Throws CALLBACK_NOT_ALLOWED (422), TOO_MANY_WEBHOOKS (403). */
export async function registerWebhook(
  context: ApiContext,
  tenant: Tenant,
  { url, events, description = '', enabled = true }: WebhookRequest,
  key: RequestKey | null,
): Promise<WebhookRecord> {
  await checkCallback(context, url, null, 'url')
  const now = Date.now()
  const webhook: WebhookRecord = {
    id: context.ids.webhook(),
    tenant: tenant.name,
    url,
    events: events ? [...new Set(events)] : null,
    description,
    isEnabled: enabled,
    disabled: null,
    failingSince: null,
    secrets: { current: createSecret(), previous: null },
    createdAt: now,
    updatedAt: now,
  }
  const { limit } = context.webhooks
  switch (await context.store.webhooks.add(webhook, limit, key)) {
    case 'added':
      return webhook
    case 'repeated':
      throw repeated()
    case 'full':
      throw apiError(
        'TOO_MANY_WEBHOOKS',
        `A tenant may register ${limit} endpoints; delete one, or ask the operator for more (TYCHO_WEBHOOK_LIMIT)`,
      )
  }
}

/** Throws WEBHOOK_NOT_FOUND (404), CALLBACK_NOT_ALLOWED (422). */
export async function changeWebhook(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  patch: WebhookPatch,
): Promise<WebhookRecord> {
  if (patch.url !== undefined) await checkCallback(context, patch.url, null, 'url')
  const after = await context.store.webhooks.change(tenant.name, id, (found) =>
    patched(found, patch, Date.now()),
  )
  return after ?? notFound(id)
}

/** Enabled again, it is as one that has never failed. */
function patched(
  webhook: WebhookRecord,
  { url, events, description, enabled }: WebhookPatch,
  now: number,
): WebhookRecord {
  return {
    ...webhook,
    url: url ?? webhook.url,
    events: events === undefined ? webhook.events : events && [...new Set(events)],
    description: description ?? webhook.description,
    isEnabled: enabled ?? webhook.isEnabled,
    ...(enabled && { disabled: null, failingSince: null }),
    updatedAt: now,
  }
}

/** What is on its way to it ends at its next attempt. Throws WEBHOOK_NOT_FOUND (404). */
export async function deleteWebhook({ store }: ApiContext, tenant: Tenant, id: string): Promise<void> {
  if (!(await store.webhooks.remove(tenant.name, id))) notFound(id)
  await store.deliveries.forgetList(tenant.name, id)
}

/** Throws WEBHOOK_NOT_FOUND (404). */
export async function rotateWebhook(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  key: RequestKey | null,
): Promise<Secrets> {
  const { webhooks } = context.store
  const now = Date.now()
  const secret = createSecret()
  const rotate = (secrets: Secrets) => rotated(secrets, secret, context.webhooks.graceMs, now)
  const after = await webhooks.change(
    tenant.name,
    id,
    (found) => ({ ...found, secrets: rotate(found.secrets), updatedAt: now }),
    key,
  )
  return after === 'repeated' ? Promise.reject(repeated()) : (after?.secrets ?? notFound(id))
}

/** The secret that signs what goes to the callbacks of a tenant's requests. */
export function tenantSecrets({ store }: ApiContext, tenant: Tenant): Promise<Secrets> {
  return store.webhooks.secrets(tenant.name, createSecret)
}

export async function rotateTenantSecret(
  context: ApiContext,
  tenant: Tenant,
  key: RequestKey | null,
): Promise<Secrets> {
  await tenantSecrets(context, tenant)
  const secret = createSecret()
  const rotate = (found: Secrets) => rotated(found, secret, context.webhooks.graceMs, Date.now())
  const after = await context.store.webhooks.changeSecrets(tenant.name, rotate, key)
  if (after === 'repeated' || after === null) throw repeated()
  return after
}

/** Sends `webhook.ping`, once, also to an endpoint that is disabled. Throws WEBHOOK_NOT_FOUND (404). */
export async function pingWebhook(context: ApiContext, tenant: Tenant, id: string): Promise<DeliveryRecord> {
  const webhook = await readWebhook(context, tenant, id)
  const now = Date.now()
  const event = { id: context.ids.event(), type: 'webhook.ping' as const }
  const given = { tenant: tenant.name, webhook: id, url: webhook.url, event, job: null, trace: null }
  const delivery = newDelivery({ ...given, isOnce: true }, now)
  const data = { tenant: tenant.name, webhook: { id, href: `/v1/webhooks/${id}` } }
  const body = JSON.stringify({ type: event.type, timestamp: toTime(now), data })
  await context.store.deliveries.add(delivery, body)
  await enqueueDelivery(context, delivery)
  return delivery
}

/**
 * Begins the schedule anew. `endpoint` null: of a callback. Throws DELIVERY_NOT_FOUND (404), DELIVERY_PENDING and
 * WEBHOOK_DISABLED (409).
 */
export async function redeliver(
  context: ApiContext,
  tenant: Tenant,
  endpoint: string | null,
  id: string,
): Promise<DeliveryRecord> {
  const found = await context.store.deliveries.get(id)
  if (found?.tenant !== tenant.name || found.webhook !== endpoint)
    throw apiError('DELIVERY_NOT_FOUND', `There is no delivery ${id}, or it is kept no longer`)
  if (endpoint !== null && !found.isOnce && !(await readWebhook(context, tenant, endpoint)).isEnabled)
    throw apiError('WEBHOOK_DISABLED', `Endpoint ${endpoint} is disabled; enable it first`)
  const after = await context.store.deliveries.change(id, (one) => redelivered(one, Date.now()))
  if (!after) throw apiError('DELIVERY_PENDING', `Delivery ${id} is on its way`)
  await enqueueDelivery(context, after)
  return after
}

/** It is written: where the queue can't be had now, the repair of lost tasks puts it there. */
async function enqueueDelivery({ tasks, log }: ApiContext, delivery: DeliveryRecord): Promise<void> {
  try {
    await tasks.deliver([delivery])
  } catch (error) {
    log.warn({ delivery: delivery.id, err: error }, 'a delivery is not in the queue yet')
  }
}

/** The list that a delivery is in. */
export function endpointOf(webhook: string | null): string {
  return webhook ?? callbackEndpoint
}

function notFound(id: string): never {
  throw apiError('WEBHOOK_NOT_FOUND', `There is no webhook endpoint ${id}`)
}
