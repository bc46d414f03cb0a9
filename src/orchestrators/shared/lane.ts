// Many who have something to say, one who listens: whoever is faster than the listener waits.

export type Lane<Item> = AsyncIterable<Item> & {
  /** Resolves when it is taken, or at once when the lane is closed. */
  put(item: Item): Promise<void>
  /** What is waiting to be taken is still told. With an error, that follows. */
  close(error?: unknown): void
}

type Waiting<Item> = { item: Item; taken: () => void }

export function createLane<Item>(): Lane<Item> {
  const waiting: Waiting<Item>[] = []
  let wake: (() => void) | null = null
  let end: { error?: unknown } | null = null
  const ring = () => {
    wake?.()
    wake = null
  }
  return {
    put(item) {
      if (end) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting.push({ item, taken: resolve })
      ring()
      return promise
    },
    close(error) {
      end ??= error === undefined ? {} : { error }
      ring()
    },
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          const next = waiting.shift()
          if (next) {
            yield next.item
            next.taken()
          } else if (end) {
            if ('error' in end) throw end.error
            return
          } else {
            const { promise, resolve } = Promise.withResolvers<void>()
            wake = resolve
            await promise
          }
        }
      } finally {
        end ??= {}
        for (const { taken } of waiting.splice(0)) taken()
      }
    },
  }
}
