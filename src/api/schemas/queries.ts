// Query parameters that several routes take.
import { type Static, type TSchema, Type } from 'typebox'

export const waitQuery = {
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Seconds to wait for the end of the job before the answer; 60 at most, more is taken as 60',
    }),
  ),
}

export const WaitQuery = Type.Object(waitQuery, { additionalProperties: false })

export const pageQuery = {
  pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
  pageToken: Type.Optional(
    Type.String({ maxLength: 500, description: '`nextPageToken` of the page before' }),
  ),
}

const prefer = Type.Optional(
  Type.String({ description: '`wait=N`: as the query parameter `wait` (RFC 7240)', examples: ['wait=30'] }),
)

export const PreferHeaders = Type.Object({ prefer })

export const PollHeaders = Type.Object({
  prefer,
  'if-none-match': Type.Optional(
    Type.String({ description: 'The ETag that is known; answers 304 while it holds' }),
  ),
})

/** A map as a query parameter: its JSON, which is read before it is checked. */
export function inQuery<Of extends TSchema>(schema: Of) {
  return Type.Unsafe<Static<Of>>({ ...schema, 'x-consume': 'application/json' })
}

export const NoQuery = Type.Object({}, { additionalProperties: false })

export const EventHeaders = Type.Object({
  'last-event-id': Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Id of the last event that a client which comes back has got',
    }),
  ),
})
