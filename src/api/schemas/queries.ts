// Query parameters that several routes take.
import { Type } from 'typebox'

export const waitQuery = {
  wait: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Seconds to wait for the end of the job before the answer; 60 at most, more is taken as 60',
    }),
  ),
}

export const pageQuery = {
  pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 50 })),
  pageToken: Type.Optional(
    Type.String({ maxLength: 500, description: '`nextPageToken` of the page before' }),
  ),
}
