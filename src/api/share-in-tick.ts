// One reading for all who ask for the same at the same moment.

/**
 * A change is told to all who follow a thing within one turn of the event loop: they share what is then read. Who asks
 * in a later turn may have heard of a later change, and gets a reading of its own.
 */
export function shareInTick<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>()
  return (key) => {
    const known = asked.get(key)
    if (known) return known
    const reading = read(key)
    asked.set(key, reading)
    // Runs when all that waited for this turn has run, and before anything else is heard.
    process.nextTick(() => asked.delete(key))
    return reading
  }
}
