// Where the members of a batch run: namespaces are filled one after the other, as far as there is room. Pure.
import type { Bound } from '../system/capacity.ts'
import type { Amounts } from '../system/needs.ts'
import type { Place } from './batch.ts'

/** A bound, and how much of it is taken besides what was used. */
export type BoundUse = Bound & { needed: number }

/** What of a batch runs in one namespace, and what it takes there. */
export type Share = { namespace: string; members: number; needs: Amounts; bounds: BoundUse[] }

/** `left`: members for which there is no room. */
export type Spread = { places: Place[]; shares: Share[]; left: number }

/** `home`: the namespace in which it has to be, because its volumes are there; null: any. */
export type SpreadMember = { index: number; needs: Amounts; home: string | null }

/** A namespace with its bounds; of what it has no bound there is enough. */
export type NamespaceRoom = { namespace: string; bounds: readonly Bound[] }

/** `members` by index. The same input gives the same places. */
export function spreadOut(members: readonly SpreadMember[], rooms: readonly NamespaceRoom[]): Spread {
  const fillings = rooms.map((room) => createFilling(room))
  const placed: { index: number; namespace: string }[] = []
  let at = 0
  for (const { index, needs, home } of members) {
    // A namespace that is not there any more has no volumes either.
    const own = home === null ? undefined : fillings.find(({ namespace }) => namespace === home)
    if (!own) while (at < fillings.length && !fillings[at]?.hasRoom(needs)) at += 1
    const filling = own ?? fillings[at]
    if (!filling?.hasRoom(needs)) continue
    filling.take(needs)
    placed.push({ index, namespace: filling.namespace })
  }
  return {
    places: toPlaces(placed),
    shares: fillings.map((one) => one.share()).filter((share) => share.members > 0),
    left: members.length - placed.length,
  }
}

/** Where it is not known how much room there is: the same number in each. */
export function spreadEvenly(members: readonly SpreadMember[], namespaces: readonly string[]): Spread {
  const each = Math.ceil(members.length / namespaces.length)
  const fillings = namespaces.map((namespace) => createFilling({ namespace, bounds: [] }))
  const placed = members.flatMap(({ index, needs, home }, at) => {
    const own = fillings.find(({ namespace }) => namespace === home) ?? fillings[Math.floor(at / each)]
    own?.take(needs)
    return own ? [{ index, namespace: own.namespace }] : []
  })
  const shares = fillings.map((one) => one.share()).filter((share) => share.members > 0)
  return { places: toPlaces(placed), shares, left: 0 }
}

function createFilling({ namespace, bounds }: NamespaceRoom) {
  const taken: Amounts = {}
  let members = 0
  return {
    namespace,
    hasRoom: (needs: Amounts) =>
      bounds.every(({ of, limit, used }) => {
        const more = needs[of] ?? 0
        return more === 0 || used + (taken[of] ?? 0) + more <= limit + noise
      }),
    take(needs: Amounts) {
      members += 1
      for (const [of, amount] of Object.entries(needs)) taken[of] = (taken[of] ?? 0) + amount
    },
    share: (): Share => ({ namespace, members, needs: taken, bounds: useOf(bounds, taken) }),
  }
}

/** Of adding up parts of cores. */
const noise = 1e-6

/** Those bounds of which something is needed. */
export function useOf(bounds: readonly Bound[], needs: Amounts): BoundUse[] {
  return bounds.flatMap((bound) => {
    const needed = Math.round((needs[bound.of] ?? 0) * 1000) / 1000
    return needed > 0 ? [{ ...bound, needed }] : []
  })
}

export function exceeds({ limit, used, needed }: BoundUse): boolean {
  return used + needed > limit + noise
}

/** The first one is from 0, whatever was left out before it. */
function toPlaces(placed: readonly { index: number; namespace: string }[]): Place[] {
  const places: Place[] = []
  for (const { index, namespace } of placed) {
    if (places.at(-1)?.namespace === namespace) continue
    places.push({ from: places.length === 0 ? 0 : index, namespace })
  }
  return places
}
