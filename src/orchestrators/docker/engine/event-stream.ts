// The one stream of events from an engine, for all of this process that listen: opened while somebody does, and opened
// again when it breaks or falls silent. https://docs.docker.com/reference/api/engine/version/v1.41/#operation/SystemEvents

import { type BackoffLimits, createBackoff } from '../../shared/backoff.ts'
import { parseJsonLines } from '../../shared/json-lines.ts'
import { untilAborted } from '../../shared/until-aborted.ts'
import type { EngineClient } from './client.ts'

export type EngineEvent = {
  Type?: string
  Action?: string
  Actor?: { ID?: string; Attributes?: Record<string, string> }
}

export type Listener = {
  /** Everything may have changed; events that come meanwhile are told after it. Whoever fails is asked again. */
  opened: (signal: AbortSignal) => Promise<void>
  event: (event: EngineEvent) => void
  /** Undefined: all is well. */
  health: (error: unknown) => void
}

export type EventStreamTimings = {
  backoff: BackoffLimits
  /** After so long without an event it is looked whether the engine is still there. */
  silentMs: number
  /** A stream this old is opened anew: what stands between may have dropped it without a word. */
  oldMs: number
}

export const eventStreamTimings: EventStreamTimings = {
  backoff: { firstMs: 200, longestMs: 10_000 },
  silentMs: 20_000,
  oldMs: 10 * 60_000,
}

export type EventStream = {
  /** Until the signal aborts; recovers by itself. */
  listen: (listener: Listener, signal: AbortSignal) => Promise<void>
}

const types = JSON.stringify({ type: ['container', 'network', 'volume'] })

export function createEventStream(
  client: EngineClient,
  timings: EventStreamTimings,
  onRestart: (reason: 'ended' | 'failed') => void = () => {},
): EventStream {
  const listeners = new Set<{ listener: Listener; signal: AbortSignal }>()
  let running: { stop: AbortController; isOpen: boolean } | undefined

  async function run(current: { stop: AbortController; isOpen: boolean }): Promise<void> {
    const { signal } = current.stop
    const backoff = createBackoff(timings.backoff)
    while (!signal.aborted) {
      try {
        await readOne(current, backoff.reset)
        onRestart('ended')
      } catch (error) {
        if (signal.aborted) return
        onRestart('failed')
        for (const { listener } of listeners) listener.health(error)
        await backoff.pause(signal).catch(() => {})
      } finally {
        current.isOpen = false
      }
    }
  }

  /** One stream, from its opening to its end. */
  async function readOne(
    current: { stop: AbortController; isOpen: boolean },
    isWell: () => void,
  ): Promise<void> {
    const ending = new AbortController()
    const signal = AbortSignal.any([current.stop.signal, ending.signal])
    const request = { method: 'GET', path: '/events', query: { filters: types }, what: 'its events' } as const
    let heardAt = performance.now()
    const openedAt = heardAt
    const watch = setInterval(
      () => {
        const now = performance.now()
        if (now - openedAt > timings.oldMs) ending.abort(new DOMException('it is old', 'AbortError'))
        else if (now - heardAt > timings.silentMs) {
          heardAt = now
          check(signal).catch((error: unknown) => ending.abort(error))
        }
      },
      Math.min(timings.silentMs, 1_000),
    )
    try {
      const chunks = await client.stream(request, signal)
      current.isOpen = true
      await Promise.all([...listeners].map((one) => open(one, signal)))
      isWell()
      for await (const event of parseJsonLines(chunks)) {
        heardAt = performance.now()
        for (const { listener } of listeners) listener.event(event as EngineEvent)
      }
    } catch (error) {
      if (!isOld(ending.signal)) throw error
    } finally {
      clearInterval(watch)
      ending.abort()
    }
  }

  async function check(signal: AbortSignal): Promise<void> {
    await client.json({ method: 'GET', path: '/version', what: 'its version', limitMs: 10_000 }, signal)
  }

  async function open(one: { listener: Listener; signal: AbortSignal }, signal: AbortSignal): Promise<void> {
    if (one.signal.aborted) return
    await one.listener.opened(AbortSignal.any([signal, one.signal])).catch((error: unknown) => {
      if (!one.signal.aborted) throw error
    })
    if (!one.signal.aborted) one.listener.health(undefined)
  }

  return {
    async listen(listener, signal) {
      if (signal.aborted) return
      const one = { listener, signal }
      listeners.add(one)
      if (running?.isOpen) await join(one)
      if (!running) {
        running = { stop: new AbortController(), isOpen: false }
        void run(running)
      }
      await untilAborted(new Promise(() => {}), signal).catch(() => {})
      listeners.delete(one)
      if (listeners.size === 0) {
        running?.stop.abort()
        running = undefined
      }
    },
  }

  /** Who comes while it is open reads for himself; where that fails, the next stream asks again. */
  async function join(one: { listener: Listener; signal: AbortSignal }): Promise<void> {
    await open(one, one.signal).catch((error: unknown) => one.listener.health(error))
  }
}

function isOld({ aborted, reason }: AbortSignal): boolean {
  return aborted && reason instanceof DOMException && reason.message === 'it is old'
}
