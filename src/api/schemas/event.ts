// Requests about events.
import { Type } from 'typebox'
import { EventType } from '../../jobs/event.ts'

export const TenantEventsQuery = Type.Object(
  {
    type: Type.Optional(
      Type.Array(EventType, { maxItems: 16, description: 'Only events of this type, or of one of these' }),
    ),
  },
  { additionalProperties: false },
)
