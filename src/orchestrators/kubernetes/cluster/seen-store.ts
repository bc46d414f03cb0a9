// All observed objects, by incarnation. A scope is one namespace or all of them; nothing of a scope is told before
// each of its kinds was listed once, because half a system would look like a broken one.
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Observation } from '../../orchestrator.ts'
import { toObservation } from './incarnation.ts'
import { type Kind, kinds } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { type Seen, toSeen } from './seen.ts'
import { withMemory } from './seen-pod.ts'

export type SeenStore = {
  replaceAll: (kind: Kind, objects: readonly KubeObject[]) => void
  put: (kind: Kind, object: KubeObject) => void
  drop: (object: KubeObject) => void
  /** The incarnation as it is now, if that was not told before. */
  observe: (key: string) => Observation | undefined
}

type Incarnation = { identity: SystemIdentity; objects: Map<string, Seen>; told: string }

/** `onChange` gets the key of what may have changed; `onSynced` is called once, after the keys of all that existed. */
export function createSeenStore(onChange: (key: string) => void, onSynced: () => void): SeenStore {
  const incarnations = new Map<string, Incarnation>()
  /** uid -> key of its incarnation. */
  const keys = new Map<string, string>()
  const listed = new Set<string>()

  function changed(key: string): void {
    if (listed.size === kinds.length) onChange(key)
  }

  function put(kind: Kind, object: KubeObject): void {
    const seen = toSeen(kind, object)
    if (!seen) {
      drop(object)
      return
    }
    const key = keyOf(seen.identity)
    const earlier = keys.get(seen.uid)
    if (earlier !== undefined && earlier !== key) drop(object)
    const known = incarnations.get(key) ?? { identity: seen.identity, objects: new Map(), told: '' }
    incarnations.set(key, known)
    keys.set(seen.uid, key)
    known.objects.set(seen.uid, remembered(seen, known.objects.get(seen.uid)))
    changed(key)
  }

  /** By uid, because the labels may be what has changed. */
  function drop({ metadata: { uid } }: Pick<KubeObject, 'metadata'>): void {
    const key = keys.get(uid)
    if (key === undefined) return
    keys.delete(uid)
    incarnations.get(key)?.objects.delete(uid)
    changed(key)
  }

  function dropMissing(kind: Kind, present: ReadonlySet<string>): void {
    for (const [key, { objects }] of incarnations) {
      for (const [uid, seen] of objects) {
        if (seen.kind !== kind.kind || present.has(uid)) continue
        objects.delete(uid)
        keys.delete(uid)
        changed(key)
      }
    }
  }

  return {
    replaceAll(kind, objects) {
      for (const object of objects) put(kind, object)
      dropMissing(kind, new Set(objects.map(({ metadata }) => metadata.uid)))
      if (listed.has(kind.kind)) return
      listed.add(kind.kind)
      if (listed.size < kinds.length) return
      for (const key of incarnations.keys()) onChange(key)
      onSynced()
    },
    put,
    drop,
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

function remembered(next: Seen, earlier: Seen | undefined): Seen {
  if (next.kind !== 'Pod' || earlier?.kind !== 'Pod') return next
  return { ...next, state: withMemory(next.state, earlier.state) }
}
