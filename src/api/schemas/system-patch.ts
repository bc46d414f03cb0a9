// What may be changed of a running system without sending its file again.
import { type Static, Type } from 'typebox'
import { labelKeyPattern, labelValuePattern, ttlBounds } from './system-request.ts'

const bytes = Type.Unsafe<string | number | null>({
  type: ['string', 'integer', 'null'],
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'As in a Compose file (`512M`), or bytes; null takes it away',
})

const cpus = Type.Unsafe<number | null>({
  type: ['number', 'null'],
  minimum: 0,
  maximum: 1_000_000,
  description: 'Cores; null takes it away',
})

const Amounts = Type.Object(
  { cpus: Type.Optional(cpus), memory: Type.Optional(bytes) },
  { additionalProperties: false },
)
export type Amounts = Static<typeof Amounts>

export const ServicePatch = Type.Object(
  {
    replicas: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
    resources: Type.Optional(
      Type.Object(
        { limits: Type.Optional(Amounts), reservations: Type.Optional(Amounts) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
)
export type ServicePatch = Static<typeof ServicePatch>

export const SystemPatch = Type.Object(
  {
    labels: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Unsafe<string | null>({ type: ['string', 'null'], pattern: labelValuePattern }),
        {
          propertyNames: { pattern: labelKeyPattern },
          maxProperties: 64,
          description: 'Added to those that it has; null takes one away',
        },
      ),
    ),
    ttlSeconds: Type.Optional(
      Type.Unsafe<number | null>({
        type: ['integer', 'null'],
        ...ttlBounds,
        description: 'Removed so many seconds after this request; null: stays until somebody stops it',
      }),
    ),
    services: Type.Optional(Type.Record(Type.String(), ServicePatch, { maxProperties: 1000 })),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description: 'What is not named stays; it lasts until the next PUT',
  },
)
export type SystemPatch = Static<typeof SystemPatch>
