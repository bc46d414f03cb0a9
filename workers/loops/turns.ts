// Does something per key, never twice at once for the same key; what is asked meanwhile is done once more afterwards.
import { setTimeout as delay } from 'node:timers/promises'

export type TurnsOptions = {
  /** Answers after how many milliseconds the key is to have another turn, or null. */
  run: (key: string) => Promise<number | null>
  onError: (key: string, error: unknown) => void
  signal: AbortSignal
}

export type Turns = {
  ask(key: string): void
  /** Resolves when no turn is under way. */
  idle(): Promise<void>
}

/** How many keys have their turn at the same time, and how long after an error a key is tried again. */
const width = 32
const afterErrorMs = 1_000

export function createTurns({ run, onError, signal }: TurnsOptions): Turns {
  const queue = new Set<string>()
  const running = new Map<string, Promise<void>>()

  const ask = (key: string) => {
    if (signal.aborted) return
    queue.add(key)
    fill()
  }

  const fill = () => {
    for (const key of queue) {
      if (running.size >= width || signal.aborted) return
      if (running.has(key)) continue
      queue.delete(key)
      running.set(key, turn(key))
    }
  }

  const turn = async (key: string) => {
    try {
      askLater(key, await run(key))
    } catch (error) {
      if (!signal.aborted) onError(key, error)
      askLater(key, afterErrorMs)
    } finally {
      running.delete(key)
      fill()
    }
  }

  const askLater = (key: string, ms: number | null) => {
    if (ms === null) return
    delay(ms, undefined, { signal, ref: false }).then(
      () => ask(key),
      () => {},
    )
  }

  return {
    ask,
    async idle() {
      await Promise.all(running.values())
    },
  }
}
