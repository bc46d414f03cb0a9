// What Tycho sends: the top-level `webhooks` of the OpenAPI document, one for each event, and the `callbacks` of those
// requests that may name a `callbackUrl`.
import type { DeliveredType } from '../../jobs/delivery.ts'
import { type EventType, eventTypes } from '../../jobs/event.ts'
import type { Operation } from './document.ts'

/** Component of the data of each event. */
function dataOf(type: DeliveredType): string {
  if (type === 'batch.completed') return 'BatchEventData'
  return type === 'webhook.ping' ? 'PingEventData' : 'SystemEventData'
}

/** What comes of a system by itself is told to the endpoints alone. */
const byItself: readonly EventType[] = ['system.degraded', 'system.expired']

const about: Record<DeliveredType, string> = {
  ...eventTypes,
  'webhook.ping': 'A trial that was asked for; nothing has happened.',
}

/** Event type -> what its receiver gets. */
export function webhooksOfDocument(): Record<string, { post: Record<string, unknown> }> {
  const types = Object.keys(about) as DeliveredType[]
  return Object.fromEntries(types.map((type) => [type, { post: operation(about[type], payload(type)) }]))
}

/** The operation, with what is sent to its `callbackUrl` where it takes one and makes something. */
export function withCallbacks(asking: Operation): Operation {
  const isAsking =
    '202' in asking.responses && JSON.stringify(asking.requestBody ?? '').includes('"callbackUrl"')
  if (!isAsking) return asking
  const types = (Object.keys(eventTypes) as EventType[]).filter((type) => !byItself.includes(type))
  const post = operation('How what was asked for has ended', { oneOf: types.map(payload) })
  return { ...asking, callbacks: { ended: { '{$request.body#/callbackUrl}': { post } } } }
}

/** `{ type, timestamp, data }` of Standard Webhooks. */
function payload(type: DeliveredType): Record<string, unknown> {
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { type: 'string', const: type },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
      data: { $ref: `#/components/schemas/${dataOf(type)}` },
    },
  }
}

function operation(summary: string, schema: Record<string, unknown>): Record<string, unknown> {
  return {
    summary,
    description: 'Signed by Standard Webhooks 1.0. Sent at least once; `webhook-id` tells repetitions.',
    tags: ['webhooks'],
    security: [],
    parameters: [
      header('webhook-id', 'Of the event: the same in all attempts, and at all endpoints'),
      header('webhook-timestamp', 'Of the attempt, in seconds since 1970'),
      header('webhook-signature', '`v1,` and the signature; two of them for a while after a rotation'),
    ],
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {
      '2XX': { description: 'Received' },
      '410': { description: 'Wants no more: the endpoint is disabled' },
      default: { description: 'Anything else is tried again by the schedule; `Retry-After` is honoured' },
    },
  }
}

function header(name: string, description: string): Record<string, unknown> {
  return { name, in: 'header', required: true, description, schema: { type: 'string' } }
}
