// The states of something that changes: the present one, then the newest whenever it is asked for.
import { setTimeout as delay } from 'node:timers/promises'
import { createBell } from '../store/bell.ts'
import { isStoreOutage } from '../store/outage.ts'
import type { Store } from '../store/store.ts'

export type FollowOptions<State> = {
  store: Store
  /** Null: there is nothing of it any more, which ends the states. */
  read: () => Promise<State | null>
  /** Rings at each change; answers how to stop. */
  listen: (ring: () => void) => () => void
  signal: AbortSignal
  /** States of this one are followed by none. */
  isLast?: (state: State) => boolean
}

/** How often it is looked at although nobody said that it changed, should messages be lost without a sign. */
export const lookMs = 15_000
const outagePauseMs = 1_000

/**
 * While nobody asks, changes run together: only the newest state is told. A store that is away is waited for. It
 * listens before it first reads, so that no change between a read and the wait is missed.
 */
export async function* follow<State extends { revision: number }>(
  options: FollowOptions<State>,
): AsyncGenerator<State, void, undefined> {
  const { store, listen, signal, isLast } = options
  using bell = createBell([signal])
  const stops = [listen(bell.ring), store.changes.onMissed(bell.ring)]
  let told: number | null = null
  try {
    while (!signal.aborted) {
      const state = await readOnceBack(options.read, signal)
      if (state === null) return
      if (state.revision !== told) {
        told = state.revision
        yield state
      }
      if (isLast?.(state)) return
      await bell.rung(lookMs)
    }
  } finally {
    for (const stop of stops) stop()
  }
}

/** Reads until the store answers. Null too when the signal has ended that. */
export async function readOnceBack<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await read()
    } catch (error) {
      if (!isStoreOutage(error)) throw error
      await delay(outagePauseMs, undefined, { signal }).catch(() => {})
    }
  }
  return null
}
