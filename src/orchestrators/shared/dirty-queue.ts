// What has changed and is still to be looked at, each once, in the order of its first change.

export type DirtyQueue<T> = {
  /** A key that is waiting already keeps its place. */
  add: (key: string, item: T) => void
  /** Takes one after the other, waits when there is none; ends quietly by the signal. */
  take: (signal: AbortSignal) => AsyncGenerator<T>
}

/** A reader that is slow finds each item once, however often it changed: memory is bounded by the number of keys. */
export function createDirtyQueue<T>(): DirtyQueue<T> {
  const items = new Map<string, T>()
  let wake = () => {}
  return {
    add(key, item) {
      items.set(key, item)
      wake()
    },
    async *take(signal) {
      const abort = () => wake()
      signal.addEventListener('abort', abort)
      try {
        while (!signal.aborted) {
          const [next] = items
          if (!next) {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
            continue
          }
          items.delete(next[0])
          yield next[1]
        }
      } finally {
        signal.removeEventListener('abort', abort)
      }
    },
  }
}
