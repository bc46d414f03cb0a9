// What a start or an update is asked with: JSON, or the Compose file itself with the rest in the query.
import { type Static, Type } from 'typebox'
import { EventType } from '../../jobs/event.ts'
import type { Priority } from '../../jobs/origin.ts'
import { Exposure } from '../../system/endpoint.ts'
import { ServiceSettings } from '../../system/service-settings.ts'
import { inQuery, waitQuery } from './queries.ts'

/** RFC 1035 label, at most 40 characters. */
export const SystemName = Type.String({
  pattern: '^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$',
  description: 'RFC 1035 label, at most 40 characters',
})

/** Kubernetes' syntax of labels, so that they can be put on objects. */
const labelKey = '([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
const labelValue = '([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?'

export const labelKeyPattern = `^${labelKey}$`
export const labelValuePattern = `^${labelValue}$`

/** To the end of its tenth year. */
export const ttlBounds = { minimum: 1, maximum: 315_360_000 }

export const plainSettings = {
  exposure: Type.Optional(Exposure),
  timeoutSeconds: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 86_400,
      description: 'Time to become ready, from the first attempt',
    }),
  ),
  retries: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 20, description: 'Further attempts at what fails and may pass' }),
  ),
  ttlSeconds: Type.Optional(
    Type.Integer({
      ...ttlBounds,
      description: 'The system is removed so many seconds after this request; named volumes are kept',
    }),
  ),
  keepOnFailure: Type.Optional(
    Type.Boolean({ description: 'Leave what a failed first start has made, to look into it' }),
  ),
  rollback: Type.Optional(
    Type.Boolean({ description: 'An update that fails goes back to the last good spec' }),
  ),
  priority: Type.Optional(
    Type.Unsafe<Priority>({
      type: 'string',
      enum: ['interactive', 'batch'],
      description: '`batch`: gives way to what somebody waits for',
    }),
  ),
}

export const callback = {
  callbackUrl: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2000,
      description:
        "Told how this ends by a webhook, signed with the tenant's secret (`GET /v1/webhooks/secret`)",
      examples: ['https://portal.example.org/hooks/tycho'],
    }),
  ),
  callbackEvents: Type.Optional(
    Type.Array(EventType, {
      minItems: 1,
      maxItems: 20,
      description:
        'Events that the callback is told of; left out: all that end it. `batch.item.completed` has to be asked for by name',
    }),
  ),
}

const container = {
  image: Type.Optional(
    Type.String({ minLength: 1, description: 'Short form: the image of the one container' }),
  ),
  ports: Type.Optional(
    Type.Array(Type.Unsafe<number | string>({ type: ['integer', 'string'] }), {
      maxItems: 1000,
      description: 'Short form: ports as in a Compose file',
    }),
  ),
  command: Type.Optional(
    Type.Unsafe<string | string[]>({
      type: ['string', 'array'],
      items: { type: 'string' },
      description: 'Short form: command as in a Compose file',
    }),
  ),
}

/** Text, or bytes in base64. */
export const File = Type.Unsafe<string | { base64: string }>({
  type: ['string', 'object'],
  properties: { base64: { type: 'string' } },
  required: ['base64'],
  additionalProperties: false,
})

export const Profiles = Type.Array(Type.String({ minLength: 1 }), {
  maxItems: 100,
  description: 'Profiles of the Compose files that are on; * is all',
})

const Files = Type.Record(Type.String(), File, {
  description: 'What the Compose files may name (env_file, extends, include, …): relative path -> content',
  maxProperties: 1000,
})

const Services = Type.Record(Type.String(), ServiceSettings, {
  description: 'Of single services, by name: exposure, and who may reach the published ports',
  maxProperties: 1000,
})

export type ComposeInput = string | Record<string, unknown>

export const SystemRequest = Type.Object(
  {
    name: Type.Optional(SystemName),
    compose: Type.Optional(
      Type.Unsafe<ComposeInput | ComposeInput[]>({
        type: ['string', 'object', 'array'],
        description: 'Compose file: YAML text, an object, or a list of those, merged in order',
        items: { type: ['string', 'object'] },
        maxItems: 100,
      }),
    ),
    env: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'What ${KEY} in the files resolves from' }),
    ),
    files: Type.Optional(Files),
    profiles: Type.Optional(Profiles),
    labels: Type.Optional(
      Type.Record(Type.String(), Type.String({ pattern: labelValuePattern }), {
        propertyNames: { pattern: labelKeyPattern },
        maxProperties: 64,
      }),
    ),
    services: Type.Optional(Services),
    ...plainSettings,
    ...callback,
    ...container,
  },
  {
    additionalProperties: false,
    description: 'A start or an update: `compose`, or the short form `image` with `ports` and `command`',
  },
)
export type SystemRequest = Static<typeof SystemRequest>

/** With `Content-Type: application/yaml` everything but the file stands in the query. */
export const SystemRequestQuery = Type.Object(
  {
    ...waitQuery,
    name: Type.Optional(SystemName),
    env: Type.Optional(Type.Array(Type.String({ pattern: '^[^=]+=' }), { description: 'KEY=value' })),
    files: Type.Optional(inQuery(Files)),
    profiles: Type.Optional(Profiles),
    services: Type.Optional(inQuery(Services)),
    labels: Type.Optional(
      Type.Array(Type.String({ pattern: `^${labelKey}=${labelValue}$` }), {
        maxItems: 64,
        description: 'key=value',
      }),
    ),
    ...plainSettings,
    ...callback,
  },
  { additionalProperties: false },
)
export type SystemRequestQuery = Static<typeof SystemRequestQuery>

export const SystemParams = Type.Object({ name: Type.String({ maxLength: 253 }) })

export const NewSystemParams = Type.Object({ name: SystemName })

export const StopQuery = Type.Object(
  {
    ...waitQuery,
    volumes: Type.Optional(Type.Boolean({ description: 'Delete named volumes too' })),
  },
  { additionalProperties: false },
)
