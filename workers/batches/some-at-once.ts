// One after the other would wait for Redis each time; all at once would keep everything else waiting.

/** Acts for each item, so many at a time, in their order; ends early by the signal. Answers whether any said yes. */
export async function someAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  act: (item: T) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<boolean> {
  let any = false
  for (let from = 0; from < items.length && !signal?.aborted; from += atOnce) {
    const answers = await Promise.all(items.slice(from, from + atOnce).map(act))
    any ||= answers.includes(true)
  }
  return any
}
