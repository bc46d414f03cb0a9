// Requests and answers about webhooks and their deliveries.
import { type Static, Type } from 'typebox'
import { type DeliveredType, type DeliveryStatus, deliveryStatuses } from '../../jobs/delivery.ts'
import { EventType, eventTypes } from '../../jobs/event.ts'
import { pageQuery } from './queries.ts'

const strict = { additionalProperties: false }

const Time = Type.String({ format: 'date-time' })

const Url = Type.String({
  minLength: 1,
  maxLength: 2000,
  description:
    'http or https, at a public address or one that the operator allows; without user and password',
  examples: ['https://portal.example.org/hooks/tycho'],
})

const Events = Type.Array(EventType, {
  minItems: 1,
  maxItems: 20,
  description: 'Left out: all but `batch.item.completed`, which has to be asked for by name',
})

const Description = Type.String({ maxLength: 200, description: 'For whom, or for what' })

const Enabled = Type.Boolean({
  description: 'A disabled endpoint is told of nothing; true enables it again, whatever disabled it',
})

export const WebhookRequest = Type.Object(
  {
    url: Url,
    events: Type.Optional(Events),
    description: Type.Optional(Description),
    enabled: Type.Optional(Enabled),
  },
  { ...strict, description: 'An endpoint that is told of events' },
)
export type WebhookRequest = Static<typeof WebhookRequest>

export const WebhookPatch = Type.Object(
  {
    url: Type.Optional(Url),
    events: Type.Optional(Type.Union([Events, Type.Null({ description: 'As if it were left out' })])),
    description: Type.Optional(Description),
    enabled: Type.Optional(Enabled),
  },
  { ...strict, minProperties: 1, description: 'What is to be changed' },
)
export type WebhookPatch = Static<typeof WebhookPatch>

const shown = {
  id: Type.String(),
  url: Type.String(),
  events: Type.Optional(Type.Array(EventType)),
  description: Type.String(),
  enabled: Type.Boolean(),
  disabled: Type.Optional(
    Type.Object(
      {
        code: Type.Union([Type.Literal('GONE'), Type.Literal('ONLY_FAILS')]),
        message: Type.String(),
        at: Time,
      },
      { description: 'Why it was disabled by itself' },
    ),
  ),
  failingSince: Type.Optional(Time),
  createdAt: Time,
  updatedAt: Time,
}

const secrets = {
  secret: Type.String({ description: '`whsec_…`: verifies signatures (Standard Webhooks 1.0)' }),
  previousValidUntil: Type.Optional(
    Type.String({ format: 'date-time', description: 'Until then the secret before this one signs too' }),
  ),
}

export const Webhook = Type.Object(shown, { description: 'An endpoint, without its secret' })
export type Webhook = Static<typeof Webhook>

export const NewWebhook = Type.Object(
  { ...shown, ...secrets },
  { description: 'An endpoint with its secret' },
)
export type NewWebhook = Static<typeof NewWebhook>

export const WebhookSecret = Type.Object(secrets, { description: 'What verifies the signatures' })
export type WebhookSecret = Static<typeof WebhookSecret>

export const WebhookPage = Type.Object({
  webhooks: Type.Array(Webhook),
  nextPageToken: Type.Optional(Type.String({ description: 'Absent on the last page' })),
})
export type WebhookPage = Static<typeof WebhookPage>

const AttemptError = Type.Object({ code: Type.String(), message: Type.String() })

const DeliveredEvent = Type.Unsafe<DeliveredType>({
  type: 'string',
  enum: [...Object.keys(eventTypes), 'webhook.ping'],
})

const Status = Type.Unsafe<DeliveryStatus>({ type: 'string', enum: [...deliveryStatuses] })

export const Delivery = Type.Object(
  {
    id: Type.String(),
    webhook: Type.Optional(
      Type.String({ description: 'The endpoint; absent for the callback of a request' }),
    ),
    url: Type.String(),
    event: Type.Object({
      id: Type.String({ description: 'The header `webhook-id`: the same in all attempts' }),
      type: DeliveredEvent,
    }),
    job: Type.Optional(Type.String()),
    status: Status,
    attempts: Type.Array(
      Type.Object({
        at: Time,
        durationMs: Type.Number(),
        status: Type.Optional(Type.Integer({ description: 'Of the answer, where there was one' })),
        error: Type.Optional(AttemptError),
        answer: Type.Optional(Type.String({ description: 'How the answer begins' })),
      }),
    ),
    error: Type.Optional(AttemptError),
    nextAttemptAt: Type.Optional(Time),
    createdAt: Time,
    finishedAt: Type.Optional(Time),
    keptUntil: Type.Optional(Time),
  },
  { description: 'One event on its way to one endpoint' },
)
export type Delivery = Static<typeof Delivery>

export const DeliveryPage = Type.Object({
  deliveries: Type.Array(Delivery),
  nextPageToken: Type.Optional(Type.String({ description: 'Absent on the last page' })),
})
export type DeliveryPage = Static<typeof DeliveryPage>

export const WebhooksQuery = Type.Object(pageQuery, strict)

export const DeliveriesQuery = Type.Object({ ...pageQuery, status: Type.Optional(Status) }, strict)

export const CallbackDeliveriesQuery = Type.Object(
  {
    ...pageQuery,
    status: Type.Optional(Status),
    job: Type.Optional(Type.String({ maxLength: 100, description: 'Only of events about this job' })),
  },
  strict,
)

const id = Type.String({ maxLength: 100 })

export const WebhookParams = Type.Object({ id })

export const WebhookDeliveryParams = Type.Object({ id, deliveryId: id })

export const CallbackDeliveryParams = Type.Object({ deliveryId: id })

/** Data of `webhook.ping`. */
export const PingEventData = Type.Object({
  tenant: Type.String(),
  webhook: Type.Object({ id: Type.String(), href: Type.String() }),
})
