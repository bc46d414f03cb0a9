// A tenant's events, read from where somebody has got to.
import type { Redis } from 'ioredis'
import type { TychoEvent } from '../jobs/event.ts'
import type { Keys } from './keys.ts'

/** `place`: where it stands in the tenant's stream, increasing. `id`: what it is called wherever it is told. */
export type KeptEvent = { place: string; id: string; event: TychoEvent }

/** `isTorn`: some that came after that place are kept no longer. */
export type EventPage = { events: KeptEvent[]; isTorn: boolean }

export type Events = ReturnType<typeof createEvents>

/** Before all events. */
export const noEvent = '0-0'

type Entry = [place: string, fields: string[]]

export function createEvents(redis: Redis, keys: Keys) {
  return {
    /** The place of the newest event. */
    async newest(tenant: string): Promise<string> {
      const [entry] = (await redis.xrevrange(keys.eventsOf(tenant), '+', '-', 'COUNT', 1)) as Entry[]
      return entry?.[0] ?? noEvent
    },
    /** At most so many that came after a place, oldest first. */
    async after(tenant: string, place: string, count: number): Promise<EventPage> {
      const key = keys.eventsOf(tenant)
      const [oldest, entries] = await Promise.all([
        redis.xrange(key, '-', '+', 'COUNT', 1) as Promise<Entry[]>,
        redis.xrange(key, `(${place}`, '+', 'COUNT', count) as Promise<Entry[]>,
      ])
      const events = entries.map(toKept)
      const first = oldest[0]?.[0]
      return { events, isTorn: place !== noEvent && first !== undefined && isBefore(place, first) }
    },
  }
}

/** Whether a text is a place as Redis writes them (`milliseconds-number`). */
export function isPlace(text: string): boolean {
  return /^\d{1,15}-\d{1,15}$/.test(text)
}

function isBefore(one: string, other: string): boolean {
  const [ms = 0, number = 0] = one.split('-').map(Number)
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number)
  return ms < otherMs || (ms === otherMs && number < otherNumber)
}

function toKept([place, fields]: Entry): KeptEvent {
  const named: Record<string, string> = {}
  for (let at = 0; at + 1 < fields.length; at += 2) named[fields[at] ?? ''] = fields[at + 1] ?? ''
  return { place, id: named.id ?? '', event: JSON.parse(named.event ?? 'null') as TychoEvent }
}
