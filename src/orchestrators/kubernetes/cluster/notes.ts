// What events have told of objects, by the uid of the object: it may be told before the object itself is seen.
import { passing } from './passing.ts'
import type { SeenEvent } from './seen-event.ts'

export type Trouble = { times: number; message: string }

export type Note = {
  /** Containers whose images the kubelet has begun to pull. */
  pulls: readonly string[]
  /** A volume can't be mounted, and that is not for want of patience. */
  mountFailure: Trouble | undefined
  /** Its pods can't be created. */
  creationFailure: Trouble | undefined
}

export const nothingNoted: Note = { pulls: [], mountFailure: undefined, creationFailure: undefined }

export type Notes = {
  add(event: SeenEvent): void
  of(uid: string): Note
  forget(uid: string): void
}

/** Of so many objects something is remembered: there are others' too, and of what is gone nobody tells. */
const remembered = 10_000

export function createNotes(): Notes {
  const told = new Map<string, Map<string, SeenEvent>>()
  return {
    add(event) {
      const known = told.get(event.of) ?? new Map<string, SeenEvent>()
      // Told last is remembered longest.
      told.delete(event.of)
      told.set(event.of, known.set(event.uid, event))
      const [oldest] = told.keys()
      if (told.size > remembered && oldest !== undefined) told.delete(oldest)
    },
    of: (uid) => toNote([...(told.get(uid)?.values() ?? [])]),
    forget: (uid) => told.delete(uid),
  }
}

function toNote(events: readonly SeenEvent[]): Note {
  const pulls = events.flatMap(({ reason, container }) =>
    reason === 'Pulling' && container !== undefined ? [container] : [],
  )
  return {
    pulls: [...new Set(pulls)],
    mountFailure: toTrouble(
      events.filter(({ reason, message }) => reason === 'FailedMount' && !passing.test(message)),
    ),
    creationFailure: toTrouble(events.filter(({ reason }) => reason === 'FailedCreate')),
  }
}

/** In the words of the one that was told last. */
function toTrouble(events: readonly SeenEvent[]): Trouble | undefined {
  const last = events.at(-1)
  return last && { times: events.reduce((sum, { count }) => sum + count, 0), message: last.message }
}
