// The bucket that all workers share, and the budget that is made of it.
import { describe, expect, it } from 'vitest'
import {
  createWriteBudget,
  type SharedTokens,
} from '../../src/orchestrators/kubernetes/cluster/write-budget.ts'
import { createKeys } from '../../src/store/keys.ts'
import { createWriteTokens } from '../../src/store/write-tokens.ts'
import { redisCorner } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'

const signal = new AbortController().signal
/** So slow that nothing comes back during a test. */
const still = { burst: 100, firstRate: 0.001, highestRate: 400, lowestRate: 0.0001, growth: 0 }

function openBucket(limits = still) {
  const corner = redisCorner()
  const keys = createKeys(corner.prefix)
  const tokens = createWriteTokens(corner.redis, keys, limits)
  const rate = async () => Number(await corner.redis.hget(keys.writeTokens, 'rate'))
  return { tokens, rate, [Symbol.asyncDispose]: () => corner[Symbol.asyncDispose]() }
}

describe('a bucket of tokens', () => {
  it('is full at first, and says when to come back once it is empty', async () => {
    await using bucket = openBucket()
    expect(await bucket.tokens.take(60, 0)).toEqual({ granted: 60, waitMs: 0 })
    expect(await bucket.tokens.take(60, 0)).toEqual({ granted: 40, waitMs: 0 })
    const { granted, waitMs } = await bucket.tokens.take(1, 0)
    expect(granted).toBe(0)
    expect(waitMs).toBeGreaterThan(0)
  })

  it('keeps a reserve for those who may touch it', async () => {
    await using bucket = openBucket()
    expect(await bucket.tokens.take(100, 0.4)).toMatchObject({ granted: 60 })
    expect(await bucket.tokens.take(100, 0.4)).toMatchObject({ granted: 0 })
    expect(await bucket.tokens.take(100, 0.1)).toMatchObject({ granted: 30 })
    expect(await bucket.tokens.take(100, 0)).toMatchObject({ granted: 10 })
  })

  it('halves its rate at a refusal, once for a swarm of them, and grants nothing for a while', async () => {
    await using bucket = openBucket({ ...still, firstRate: 100, lowestRate: 5 })
    await Promise.all(Array.from({ length: 10 }, () => bucket.tokens.slowDown(30_000)))
    expect(await bucket.rate()).toBe(50)
    const { granted, waitMs } = await bucket.tokens.take(1, 0)
    expect(granted).toBe(0)
    expect(waitMs).toBeGreaterThan(20_000)
  })

  it('grows its rate slowly, and not beyond its highest', async () => {
    await using bucket = openBucket({ ...still, firstRate: 100, highestRate: 100.5, growth: 1_000_000 })
    await bucket.tokens.take(1, 0)
    await bucket.tokens.take(1, 0)
    expect(await bucket.rate()).toBe(100.5)
  })
})

describe('the budget of writes', () => {
  const counting = (answer: SharedTokens['take']) => {
    const asked: number[] = []
    const shared: SharedTokens = {
      take: (wanted, reserve) => {
        asked.push(reserve)
        return answer(wanted, reserve)
      },
      slowDown: async () => {},
    }
    return { shared, asked }
  }

  it('asks once for a burst of writes', async () => {
    const { shared, asked } = counting(async (wanted) => ({ granted: wanted, waitMs: 0 }))
    const budget = createWriteBudget(shared)
    await Promise.all(Array.from({ length: 8 }, () => budget.take('start', signal)))
    expect(asked).toHaveLength(1)
    await budget.take('start', signal)
    expect(asked).toHaveLength(2)
  })

  it('leaves a reserve for what somebody waits for, one for starts, and one for removals', async () => {
    const { shared, asked } = counting(async () => ({ granted: 1, waitMs: 0 }))
    const budget = createWriteBudget(shared)
    for (const use of ['bulk', 'update', 'start', 'removal'] as const) await budget.take(use, signal)
    expect(asked).toEqual([...asked].sort((a, b) => b - a))
    expect(new Set(asked).size).toBe(4)
    expect(asked[3]).toBe(0)
  })

  it('waits for its turn', async () => {
    let granted = 0
    const { shared, asked } = counting(async () => ({ granted, waitMs: 1 - granted }))
    let isTaken = false
    const taken = createWriteBudget(shared)
      .take('start', signal)
      .then(() => {
        isTaken = true
      })
    await waitFor('several questions', () => asked.length > 2, { intervalMs: 5 })
    expect(isTaken).toBe(false)
    granted = 1
    await taken
  })

  it('lets the task wait when its turn does not come', async () => {
    const { shared } = counting(async () => ({ granted: 0, waitMs: 1 }))
    const taking = createWriteBudget(shared, { patienceMs: 20 }).take('start', signal)
    await expect(taking).rejects.toMatchObject({ code: 'WRITES_HELD_BACK', remedy: 'wait' })
  })

  it('ends with its task', async () => {
    const stop = new AbortController()
    const { shared } = counting(async () => ({ granted: 0, waitMs: 60_000 }))
    const taking = createWriteBudget(shared).take('start', stop.signal)
    stop.abort(new Error('canceled'))
    await expect(taking).rejects.toThrow()
  })

  it.each([
    ['never answers', () => new Promise<never>(() => {})],
    ['fails', () => Promise.reject(new Error('Connection is closed.'))],
  ])('goes on without a bucket that %s, and leaves it alone for a while', async (_what, answer) => {
    const { shared, asked } = counting(answer)
    const budget = createWriteBudget(shared, { answerMs: 20, restMs: 60_000 })
    for (let write = 0; write < 20; write += 1) await budget.take('start', signal)
    expect(asked).toHaveLength(1)
  })
})
