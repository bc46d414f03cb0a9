// Several writes at once, none of which outlives the call.

/**
 * Runs `work` for each item, `limit` at a time, and answers the results in the items' order. After the first failure
 * nothing more is started; what runs is awaited, so that no write happens after the error was told. Throws that error.
 */
export async function concurrently<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(items.length)
  const failures: unknown[] = []
  const queue = items.entries()
  async function run(): Promise<void> {
    for (const [index, item] of queue) {
      if (failures.length > 0) return
      try {
        results[index] = await work(item)
      } catch (error) {
        failures.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run))
  if (failures.length > 0) throw failures[0]
  return results
}
