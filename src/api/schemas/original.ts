// Requests and answers of the three endpoints of the original Tycho. Its clients send null for what they have not.
import { type Static, type TSchema, Type } from 'typebox'

const nullable = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]))

const Scalar = Type.Unsafe<string | number | boolean | null>({
  type: ['string', 'number', 'boolean', 'null'],
})

const Limits = Type.Object(
  {
    cpus: nullable(Type.Unsafe<string | number>({ type: ['string', 'number'] })),
    memory: nullable(Type.String()),
  },
  { additionalProperties: false },
)

const PortNumber = Type.Unsafe<string | number>({ type: ['integer', 'string'] })

const ContainerPort = Type.Object(
  { containerPort: PortNumber, protocol: Type.Optional(Type.String()) },
  { additionalProperties: false },
)

const Variable = Type.Object({ name: Type.String(), value: Scalar }, { additionalProperties: false })

export const OriginalContainer = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    image: Type.String({ minLength: 1 }),
    command: nullable(Type.Union([Type.String(), Type.Array(Type.String())])),
    env: nullable(
      Type.Union([Type.Array(Type.Union([Type.String(), Variable])), Type.Record(Type.String(), Scalar)]),
    ),
    limits: nullable(Type.Union([Limits, Type.Array(Limits, { maxItems: 1 })])),
    ports: nullable(Type.Array(Type.Union([PortNumber, ContainerPort]))),
  },
  { additionalProperties: false },
)
export type OriginalContainer = Static<typeof OriginalContainer>

const OriginalService = Type.Object(
  { port: nullable(PortNumber), clients: nullable(Type.Array(Type.String())) },
  { additionalProperties: false },
)

export const OriginalStart = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 253 }),
    system: nullable(Type.Record(Type.String(), Type.Unknown(), { description: 'Compose file as JSON' })),
    containers: nullable(Type.Array(OriginalContainer, { minItems: 1 })),
    principal: nullable(
      Type.Union([
        Type.String({ description: 'JSON or a name' }),
        Type.Record(Type.String(), Type.Unknown()),
      ]),
    ),
    env: nullable(Type.Record(Type.String(), Scalar)),
    services: nullable(Type.Record(Type.String(), OriginalService)),
    serviceaccount: nullable(
      Type.String({ description: 'Account of all pods; the operator says which may be asked for' }),
    ),
  },
  { additionalProperties: false, description: '`system`, or `containers`' },
)
export type OriginalStart = Static<typeof OriginalStart>

export const OriginalDelete = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 253, description: 'Name or sid' }) },
  { additionalProperties: false },
)

export const OriginalStatus = Type.Object(
  { name: nullable(Type.String({ description: 'Name or sid' })), username: nullable(Type.String()) },
  { additionalProperties: false },
)
export type OriginalStatus = Static<typeof OriginalStatus>

const envelope = <T extends TSchema>(result: T) =>
  Type.Object({ status: Type.Literal('success'), result, message: Type.String() })

/** `port`, `port-1`, ... are numbers, `ip_address` is the host of their URL. */
export const StartResult = Type.Object({
  name: Type.String(),
  sid: Type.String(),
  containers: Type.Record(
    Type.String(),
    Type.Record(Type.String(), Type.Union([Type.Integer(), Type.String(), Type.Null()])),
  ),
  conn_string: Type.String(),
})
export type StartResult = Static<typeof StartResult>

export const StartAnswer = envelope(StartResult)
export type StartAnswer = Static<typeof StartAnswer>

export const DeleteAnswer = envelope(Type.Null())
export type DeleteAnswer = Static<typeof DeleteAnswer>

export const SystemStatus = Type.Object({
  name: Type.String(),
  sid: Type.String(),
  app_id: Type.String(),
  ip_address: Type.Union([Type.String(), Type.Null()]),
  port: Type.Union([Type.String(), Type.Null()]),
  creation_time: Type.String(),
  username: Type.Union([Type.String(), Type.Null()]),
  utilization: Type.Record(
    Type.String(),
    Type.Union([Type.Record(Type.String(), Type.String()), Type.Null()]),
    { description: 'The limits of each container' },
  ),
  is_ready: Type.Boolean(),
  workspace_name: Type.String(),
})
export type SystemStatus = Static<typeof SystemStatus>

export const StatusAnswer = envelope(Type.Array(SystemStatus))
export type StatusAnswer = Static<typeof StatusAnswer>

export const OriginalError = Type.Object({
  status: Type.Literal('error'),
  result: Type.Object({
    error: Type.String(),
    code: Type.String(),
    requestId: Type.String(),
    problems: Type.Array(Type.Object({ code: Type.String(), path: Type.String(), message: Type.String() })),
  }),
  message: Type.String(),
})
export type OriginalError = Static<typeof OriginalError>
