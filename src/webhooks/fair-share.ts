// Who may be told something now: a receiver that is slow or away must not take the places of the others.
//
// A worker has so many places for attempts. A receiver has few of them at once, and one while its attempts take long;
// all receivers of a tenant together have half. Who finds no place is asked to come back, at about the time when one
// is free.

export type FairShareOptions = { places: number; now?: () => number }

/** `leave` has to be called at the end of the attempt. */
export type Entered = { outcome: 'entered'; leave: () => void } | { outcome: 'full'; delayMs: number }

export type FairShare = {
  /** `receiver`: what is slow together, such as an endpoint, or the host of a callback. */
  enter(tenant: string, receiver: string): Entered
}

type Receiver = { running: number; meanMs: number; freeAt: number; usedAt: number }

const placesEach = 8
const slowMs = 2_000

/** The newest attempt's part in the mean of their durations. */
const weight = 0.3

const longestDelayMs = 30_000
const shortestDelayMs = 25

/** So many receivers are remembered; one that nobody has told anything lately is forgotten first. */
const remembered = 10_000

export function createFairShare({ places, now = Date.now }: FairShareOptions): FairShare {
  const receivers = new Map<string, Receiver>()
  const tenants = new Map<string, number>()
  const tenantPlaces = Math.max(1, Math.ceil(places / 2))

  const receiverOf = (key: string): Receiver => {
    const found = receivers.get(key) ?? { running: 0, meanMs: 0, freeAt: 0, usedAt: 0 }
    // Set anew, it is the last to be forgotten.
    receivers.delete(key)
    receivers.set(key, found)
    return found
  }

  const forgetOldest = () => {
    for (const [key, { running }] of receivers) {
      if (receivers.size <= remembered) return
      if (running === 0) receivers.delete(key)
    }
  }

  const begin = (tenant: string, receiver: Receiver): (() => void) => {
    const began = now()
    receiver.running += 1
    tenants.set(tenant, (tenants.get(tenant) ?? 0) + 1)
    return () => {
      receiver.running -= 1
      receiver.meanMs += weight * (now() - began - receiver.meanMs)
      const left = (tenants.get(tenant) ?? 1) - 1
      if (left > 0) tenants.set(tenant, left)
      else tenants.delete(tenant)
      forgetOldest()
    }
  }

  return {
    enter(tenant, key) {
      const receiver = receiverOf(`${tenant}/${key}`)
      const own = receiver.meanMs > slowMs ? 1 : Math.min(placesEach, tenantPlaces)
      const isFree = receiver.running < own && (tenants.get(tenant) ?? 0) < tenantPlaces
      if (isFree) return { outcome: 'entered', leave: begin(tenant, receiver) }
      return { outcome: 'full', delayMs: nextTurn(receiver, own, now()) }
    },
  }
}

/** They come back one after the other, as fast as the receiver has answered lately. */
function nextTurn(receiver: Receiver, own: number, now: number): number {
  receiver.freeAt = Math.min(Math.max(receiver.freeAt, now) + receiver.meanMs / own, now + longestDelayMs)
  // Those at the longest delay do not all come back at once.
  const spread = 0.5 + Math.random() / 2
  return Math.round(Math.max(shortestDelayMs, (receiver.freeAt - now) * spread))
}
