// New identities.
import { randomFillSync } from 'node:crypto'
import { monotonicFactory } from 'ulid'

/** Numbers from 0 to below 1, as `ulid` asks for one by one; drawn from the system by the thousand, which is much cheaper. */
function createRandom(): () => number {
  const numbers = new Uint32Array(1024)
  let next = numbers.length
  return () => {
    if (next === numbers.length) {
      randomFillSync(numbers)
      next = 0
    }
    return (numbers[next++] ?? 0) / 2 ** 32
  }
}

/** Bytes of randomness in hex, drawn likewise. */
function createRandomHex(bytes: number): () => string {
  const pool = Buffer.alloc(bytes * 256)
  let next = pool.length
  return () => {
    if (next === pool.length) {
      randomFillSync(pool)
      next = 0
    }
    next += bytes
    return pool.toString('hex', next - bytes, next)
  }
}

export type Ids = ReturnType<typeof createIds>

export function createIds() {
  const ulid = monotonicFactory(createRandom())
  return {
    /** Sorts by time. */
    job: () => ulid().toLowerCase(),
    /** Sorts by time. */
    token: () => ulid().toLowerCase(),
    /** Both sort by time. */
    webhook: () => `whk_${ulid().toLowerCase()}`,
    event: () => `evt_${ulid().toLowerCase()}`,
    /** 32 hex digits. */
    sid: createRandomHex(16),
  }
}
