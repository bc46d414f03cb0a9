// All observed objects of one scope (one namespace or all of them). Nothing is told before each kind was listed once,
// because half a system would look like a broken one.
import type { Observation } from '../../orchestrator.ts'
import { createIncarnations } from './incarnations.ts'
import { type Kind, kindsOfIncarnation } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import type { SeenEvent } from './seen-event.ts'

export type SeenStore = {
  /** Of the kind there is nothing but these, which have been put. */
  keepOnly: (kind: Kind, uids: ReadonlySet<string>) => void
  put: (kind: Kind, object: KubeObject) => void
  drop: (object: KubeObject) => void
  tell: (event: SeenEvent) => void
  /** The incarnation as it is now, if that was not told before. */
  observe: (key: string) => Observation | undefined
}

/** `onChange` gets the key of what may have changed; `onSynced` is called once, after the keys of all that existed. */
export function createSeenStore(onChange: (key: string) => void, onSynced: () => void): SeenStore {
  const listed = new Set<string>()
  const incarnations = createIncarnations((key) => {
    if (listed.size === kindsOfIncarnation.length) onChange(key)
  })
  return {
    keepOnly(kind, uids) {
      incarnations.keepOnly(kind, uids)
      if (listed.has(kind.kind)) return
      listed.add(kind.kind)
      if (listed.size < kindsOfIncarnation.length) return
      for (const key of incarnations.keys()) onChange(key)
      onSynced()
    },
    put: incarnations.put,
    drop: incarnations.drop,
    tell: incarnations.tell,
    observe: incarnations.observe,
  }
}
