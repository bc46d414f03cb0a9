// Observed objects by the incarnation that they belong to.
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Observation } from '../../orchestrator.ts'
import { toObservation } from './incarnation.ts'
import type { Kind } from './kinds.ts'
import { createNotes, type Note } from './notes.ts'
import type { KubeObject } from './objects.ts'
import { type Seen, toSeen } from './seen.ts'
import type { SeenEvent } from './seen-event.ts'
import { withMemory, withNote } from './seen-pod.ts'

export type Incarnations = {
  put: (kind: Kind, object: KubeObject) => void
  /** Something has happened to an object. */
  tell: (event: SeenEvent) => void
  drop: (object: KubeObject) => void
  /** Drops all others of the kind. */
  keepOnly: (kind: Kind, uids: ReadonlySet<string>) => void
  keys: () => Iterable<string>
  /** The incarnation as it is now, if it differs from what this answered before. Forgets one of which nothing is left. */
  observe: (key: string) => Observation | undefined
}

type Incarnation = { identity: SystemIdentity; objects: Map<string, Seen>; told: string }

export function createIncarnations(onChange: (key: string) => void): Incarnations {
  const incarnations = new Map<string, Incarnation>()
  /** uid -> key: by uid, because the labels may be what has changed. */
  const keys = new Map<string, string>()
  const notes = createNotes()

  function dropUid(uid: string): void {
    const key = keys.get(uid)
    if (key === undefined) return
    keys.delete(uid)
    incarnations.get(key)?.objects.delete(uid)
    notes.forget(uid)
    onChange(key)
  }

  function put(kind: Kind, object: KubeObject): void {
    const seen = toSeen(kind, object, notes.of(object.metadata.uid))
    const key = seen && keyOf(seen.identity)
    if (key !== keys.get(object.metadata.uid)) dropUid(object.metadata.uid)
    if (!seen || key === undefined) return
    const known = incarnations.get(key) ?? { identity: seen.identity, objects: new Map(), told: '' }
    incarnations.set(key, known)
    keys.set(seen.uid, key)
    known.objects.set(seen.uid, remembered(seen, known.objects.get(seen.uid)))
    onChange(key)
  }

  function tell(event: SeenEvent): void {
    notes.add(event)
    const key = keys.get(event.of)
    const objects = key === undefined ? undefined : incarnations.get(key)?.objects
    const seen = objects?.get(event.of)
    if (key === undefined || !objects || !seen) return
    objects.set(event.of, noted(seen, notes.of(event.of)))
    onChange(key)
  }

  return {
    put,
    tell,
    drop: ({ metadata }) => dropUid(metadata.uid),
    keepOnly(kind, uids) {
      const known = [...incarnations.values()].flatMap((one) => [...one.objects.values()])
      for (const seen of known) if (seen.kind === kind.kind && !uids.has(seen.uid)) dropUid(seen.uid)
    },
    keys: () => incarnations.keys(),
    observe(key) {
      const known = incarnations.get(key)
      if (!known) return undefined
      const observation = toObservation(known.identity, [...known.objects.values()])
      if (known.objects.size === 0) incarnations.delete(key)
      const telling = JSON.stringify(observation)
      if (telling === known.told) return undefined
      known.told = telling
      return observation
    },
  }
}

function keyOf({ namespace, sid }: SystemIdentity): string {
  return `${namespace}/${sid}`
}

function noted(seen: Seen, note: Note): Seen {
  return seen.kind === 'Pod' ? { ...seen, note, state: withNote(seen.state, note) } : { ...seen, note }
}

function remembered(next: Seen, earlier: Seen | undefined): Seen {
  if (next.kind !== 'Pod' || earlier?.kind !== 'Pod') return next
  return { ...next, state: withMemory(next.state, earlier.state) }
}
