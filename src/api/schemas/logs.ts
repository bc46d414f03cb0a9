// What is asked of the logs of a system.
import { type Static, Type } from 'typebox'

export const LogsQuery = Type.Object(
  {
    service: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'One service, and what runs once before it' }),
    ),
    tail: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000,
        description: 'Of each container the last so many lines; 100 where neither this nor `since` is given',
      }),
    ),
    since: Type.Optional(
      Type.String({
        maxLength: 100,
        description:
          'Lines from then on: RFC 3339, or how long ago, as `10m`, `1h30m` or a number of seconds',
        examples: ['2026-01-01T12:00:00Z', '10m', '90'],
      }),
    ),
    follow: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'The answer goes on with what is said from now on, also by containers that begin later',
      }),
    ),
  },
  { additionalProperties: false },
)
export type LogsQuery = Static<typeof LogsQuery>
