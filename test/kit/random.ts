// Random choices that are the same in every run of one seed.

export type Random = {
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number
  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T
  /** True once in `count` times. */
  once(count: number): boolean
}

/** mulberry32: 32 bits of state, and good enough to reach every corner of a file. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const below = (count: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count
  }
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('there is nothing to pick from')
      return item
    },
    once: (count) => below(count) === 0,
  }
}
