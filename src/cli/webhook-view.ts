// Webhooks and their deliveries as lines of text. Pure.
import type { Delivery, Webhook } from '../client/shapes.ts'
import { ageOf } from './age.ts'
import { oneLine } from './one-line.ts'
import type { Paint, Style } from './paint.ts'
import { alignColumns } from './table.ts'

const deliveryStyles = {
  pending: 'yellow',
  succeeded: 'green',
  failed: 'red',
} as const satisfies Record<Delivery['status'], Style>

export const deliveryStatuses = Object.keys(deliveryStyles) as Delivery['status'][]

export function webhookTable(webhooks: readonly Webhook[], paint: Paint): string[] {
  const head = ['ID', 'URL', 'EVENTS', 'STATE', 'DESCRIPTION'].map((title) => paint('dim', title))
  const rows = webhooks.map((webhook) => [
    webhook.id,
    oneLine(webhook.url),
    webhook.events?.join(',') ?? 'usual',
    stateOf(webhook, paint),
    oneLine(webhook.description),
  ])
  return alignColumns([head, ...rows])
}

/** For scripts. */
export function terseWebhook({ id, url, enabled }: Webhook): string {
  return [id, oneLine(url), enabled ? 'enabled' : 'disabled'].join('\t')
}

function stateOf({ enabled, disabled, failingSince }: Webhook, paint: Paint): string {
  if (!enabled) return paint('red', disabled ? `disabled: ${disabled.code}` : 'disabled')
  return failingSince === undefined
    ? paint('green', 'enabled')
    : paint('yellow', `fails since ${failingSince}`)
}

/** A row for each delivery. `now`: milliseconds since the epoch. */
export function deliveryTable(deliveries: readonly Delivery[], now: number, paint: Paint): string[] {
  const head = ['ID', 'EVENT', 'STATUS', 'TRIES', 'AGE', 'URL', 'ANSWER'].map((title) => paint('dim', title))
  const rows = deliveries.map((delivery) => [
    delivery.id,
    delivery.event.type,
    paint(deliveryStyles[delivery.status], delivery.status),
    `${delivery.attempts.length}`,
    ageOf(delivery.createdAt, now),
    oneLine(delivery.url),
    answerOf(delivery),
  ])
  return alignColumns([head, ...rows])
}

/** For scripts. */
export function terseDelivery({ id, event, status, attempts }: Delivery): string {
  return [id, event.type, status, attempts.length].join('\t')
}

/** What the last attempt was answered, or why it was not. */
function answerOf({ attempts, error }: Delivery): string {
  const last = attempts.at(-1)
  const why = last?.error ?? error
  if (why) return `${why.code}: ${oneLine(why.message)}`
  return last?.status === undefined ? '' : `${last.status}`
}
