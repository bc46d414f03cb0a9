// Observed objects by the incarnation that they belong to.
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Observation } from '../../orchestrator.ts'
import { type SeenPart, toObservation } from './incarnation.ts'
import type { SeenContainer } from './seen.ts'

export type PartKind = 'network' | 'volume'

export type Incarnations = {
  put: (container: SeenContainer) => void
  drop: (id: string) => void
  /** Drops all other containers. */
  keepOnly: (ids: ReadonlySet<string>) => void
  /** All networks, or all volumes, that there are. */
  setParts: (kind: PartKind, parts: readonly (SeenPart & { identity: SystemIdentity })[]) => void
  /**
   * The incarnation as it is now, if it differs from what this answered before, and when to ask again although nothing
   * happens. Forgets one of which nothing is left.
   */
  observe: (key: string, now: number) => { observation: Observation | undefined; again: number | null }
}

type Incarnation = {
  identity: SystemIdentity
  containers: Map<string, SeenContainer>
  parts: Record<PartKind, SeenPart[]>
  told: string
}

export function createIncarnations(onChange: (key: string) => void): Incarnations {
  const incarnations = new Map<string, Incarnation>()
  /** id -> key */
  const keys = new Map<string, string>()

  function at(identity: SystemIdentity): Incarnation {
    const key = keyOf(identity)
    const known = incarnations.get(key)
    if (known) return known
    const made: Incarnation = {
      identity,
      containers: new Map(),
      parts: { network: [], volume: [] },
      told: '',
    }
    incarnations.set(key, made)
    return made
  }

  function drop(id: string): void {
    const key = keys.get(id)
    if (key === undefined) return
    keys.delete(id)
    incarnations.get(key)?.containers.delete(id)
    onChange(key)
  }

  return {
    put(container) {
      at(container.identity).containers.set(container.id, container)
      const key = keyOf(container.identity)
      keys.set(container.id, key)
      onChange(key)
    },
    drop,
    keepOnly(ids) {
      for (const id of [...keys.keys()]) if (!ids.has(id)) drop(id)
    },
    setParts(kind, parts) {
      const found = Map.groupBy(parts, ({ identity }) => keyOf(identity))
      for (const [first] of found.values()) if (first) at(first.identity)
      for (const [key, incarnation] of incarnations) {
        const next = (found.get(key) ?? []).map(({ subject, mark }) => ({ subject, mark }))
        if (JSON.stringify(next) === JSON.stringify(incarnation.parts[kind])) continue
        incarnation.parts[kind] = next
        onChange(key)
      }
    },
    observe(key, now) {
      const known = incarnations.get(key)
      if (!known) return { observation: undefined, again: null }
      const containers = [...known.containers.values()]
      const parts = [...known.parts.network, ...known.parts.volume]
      const { observation, again } = toObservation(known.identity, containers, parts, now)
      if (observation.remaining.length === 0) incarnations.delete(key)
      const telling = JSON.stringify(observation)
      if (telling === known.told) return { observation: undefined, again }
      known.told = telling
      return { observation, again }
    },
  }
}

export function keyOf({ namespace, sid }: SystemIdentity): string {
  return `${namespace}/${sid}`
}
