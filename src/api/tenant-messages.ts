// A tenant's events as messages, from a place in them on, none left out.
import type { EventType } from '../jobs/event.ts'
import { createBell } from '../store/bell.ts'
import { type EventPage, isPlace } from '../store/events.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import type { StreamMessage, StreamRequest } from './event-stream.ts'
import { lookMs, readOnceBack } from './follow.ts'
import { shareInTick } from './share-in-tick.ts'

/** So many events are read at once: what one slow client can hold. */
const pageSize = 50

/** `types` left out: all. */
export type TenantWish = { tenant: string; types?: readonly EventType[] | undefined }

/** Throws INVALID_REQUEST (400) for a `Last-Event-ID` that this stream has not given. */
export type TenantMessages = (
  wish: TenantWish,
  stream: StreamRequest,
) => Promise<AsyncIterable<StreamMessage>>

/** The first message is `ready`, with the place from which on all events follow, so that not even those after a break
 * before the first event are lost. `gap` says that some are. */
export function createTenantMessages({ store }: ApiContext): TenantMessages {
  const read = shareInTick((key) => {
    const [tenant, place] = JSON.parse(key) as [string, string]
    return store.events.after(tenant, place, pageSize)
  })
  async function* messages({ tenant, types }: TenantWish, first: string, signal: AbortSignal) {
    using bell = createBell([signal])
    const stops = [store.changes.onEvent(tenant, bell.ring), store.changes.onMissed(bell.ring)]
    let place = first
    try {
      yield { id: place, event: 'ready', data: '{}' }
      for (;;) {
        const page = await readOnceBack(() => read(JSON.stringify([tenant, place])), signal)
        if (page === null) return
        yield* toMessages(page, types)
        place = page.events.at(-1)?.place ?? place
        if (page.events.length < pageSize) await bell.rung(lookMs)
      }
    } finally {
      for (const stop of stops) stop()
    }
  }
  return async (wish, { lastEventId, signal }) =>
    messages(wish, placeOf(lastEventId) ?? (await store.events.newest(wish.tenant)), signal)
}

function* toMessages({ events, isTorn }: EventPage, types: TenantWish['types']): Generator<StreamMessage> {
  if (isTorn) yield { id: null, event: 'gap', data: JSON.stringify({ message: gapMessage }) }
  for (const { place, id, event } of events) {
    if (types && !types.includes(event.type)) continue
    yield { id: place, event: event.type, data: JSON.stringify({ id, ...event }) }
  }
}

const gapMessage = 'Events between the last one and the next may be kept no longer; read the lists again'

function placeOf(lastEventId: string | null): string | null {
  if (lastEventId === null || isPlace(lastEventId)) return lastEventId
  throw apiError('INVALID_REQUEST', 'Last-Event-ID is not the id of an event of this stream', {
    problems: [
      {
        code: 'INVALID_FIELD',
        severity: 'error',
        path: 'last-event-id',
        message: 'Last-Event-ID is the id of an event of this stream, such as 1764288000000-0',
      },
    ],
  })
}
