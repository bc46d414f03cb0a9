// What Tycho sends: the top-level `webhooks` of the OpenAPI document, one for each event, and the `callbacks` of those
// requests that may name a `callbackUrl`.
import type { DeliveredType } from '../../jobs/delivery.ts'
import { type EventType, eventTypes } from '../../jobs/event.ts'
import type { Operation } from './document.ts'
import { eventExample } from './examples/events.ts'

/** Component of the data of each event. */
function dataOf(type: DeliveredType): string {
  if (type === 'batch.completed') return 'BatchEventData'
  return type === 'webhook.ping' ? 'PingEventData' : 'SystemEventData'
}

/** How what an operation makes can end. What comes of a system by itself is told to the endpoints alone. */
const endings: Readonly<Record<string, readonly EventType[]>> = {
  'POST /v1/systems': ['system.started', 'system.failed', 'job.canceled'],
  'PUT /v1/systems/{name}': ['system.started', 'system.updated', 'system.failed', 'job.canceled'],
  'POST /v1/batches': [
    'batch.completed',
    'batch.item.completed',
    'system.started',
    'system.failed',
    'job.canceled',
  ],
}

const about: Record<DeliveredType, string> = {
  ...eventTypes,
  'webhook.ping': 'A trial that was asked for; nothing has happened.',
}

/** Event type -> what its receiver gets. */
export function webhooksOfDocument(): Record<string, { post: Record<string, unknown> }> {
  const types = Object.keys(about) as DeliveredType[]
  return Object.fromEntries(
    types.map((type) => [
      type,
      { post: operation(about[type], { schema: payload(type), example: eventExample(type) }) },
    ]),
  )
}

/** The operation, with what is sent to its `callbackUrl`; `name`: method and path, such as `POST /v1/systems`. */
export function withCallbacks(asking: Operation, name: string): Operation {
  const types = endings[name]
  if (!types) return asking
  const examples = Object.fromEntries(types.map((type) => [type, { value: eventExample(type) }]))
  const media = { schema: { oneOf: types.map(payload) }, examples }
  const post = operation('How what was asked for has ended', media)
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

function operation(summary: string, media: Record<string, unknown>): Record<string, unknown> {
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
    requestBody: { required: true, content: { 'application/json': media } },
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
