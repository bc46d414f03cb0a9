// Work that is asked for more often than it can be done: each thing is in work once, and once more if it was asked for
// meanwhile.

/** What fails is left to whoever asks next: the engine is away, and all is read anew when it is back. */
export function createCoalesced<Key>(work: (key: Key) => Promise<void>): (key: Key) => void {
  /** Whether it was asked for again while in work. */
  const inWork = new Map<Key, boolean>()

  async function run(key: Key): Promise<void> {
    do {
      inWork.set(key, false)
      await work(key).catch(() => {})
    } while (inWork.get(key))
    inWork.delete(key)
  }

  return (key) => {
    if (inWork.has(key)) inWork.set(key, true)
    else void run(key)
  }
}
