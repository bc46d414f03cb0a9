// Several logs as one: what there is in the order of time.

/**
 * Takes always the earliest of the next ones; each source's own are in order. One item of each is held. Ends the sources
 * when it is ended.
 */
export async function* mergeByTime<Item extends { at: bigint }>(
  sources: readonly AsyncGenerator<Item>[],
): AsyncGenerator<Item> {
  const heads = await Promise.all(sources.map(async (source) => ({ source, head: await source.next() })))
  let open = heads.filter(({ head }) => !head.done)
  try {
    while (open.length > 0) {
      const first = open.reduce((a, b) => (timeOf(b) < timeOf(a) ? b : a))
      yield first.head.value as Item
      first.head = await first.source.next()
      if (first.head.done) open = open.filter((one) => one !== first)
    }
  } finally {
    await Promise.allSettled(sources.map((source) => source.return(undefined)))
  }
}

function timeOf<Item extends { at: bigint }>({ head }: { head: IteratorResult<Item> }): bigint {
  return (head.value as Item).at
}
