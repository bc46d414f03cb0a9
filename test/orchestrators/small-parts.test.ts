import { describe, expect, it } from 'vitest'
import { createCached } from '../../src/orchestrators/shared/cached.ts'
import { concurrently } from '../../src/orchestrators/shared/concurrently.ts'
import { createDirtyQueue } from '../../src/orchestrators/shared/dirty-queue.ts'

const signal = new AbortController().signal
const limits = { freshMs: 60_000, failureMs: 0, limitMs: 60_000 }

describe('a cached reading', () => {
  it('is one for all who ask, and none of them aborts it for the others', async () => {
    let readings = 0
    const release = Promise.withResolvers<number>()
    const read = createCached(limits, () => {
      readings += 1
      return release.promise
    })
    const aborted = new AbortController()
    const first = read(aborted.signal)
    const second = read(signal)
    aborted.abort(new Error('enough'))
    await expect(first).rejects.toThrow('enough')
    release.resolve(7)
    expect(await second).toBe(7)
    expect(await read(signal)).toBe(7)
    expect(readings).toBe(1)
  })

  it('is made again after a failure, and for another key', async () => {
    let readings = 0
    let key = 'a'
    const read = createCached(
      limits,
      async () => {
        readings += 1
        if (readings === 1) throw new Error('away')
        return readings
      },
      async () => key,
    )
    await expect(read(signal)).rejects.toThrow('away')
    expect(await read(signal)).toBe(2)
    expect(await read(signal)).toBe(2)
    key = 'b'
    expect(await read(signal)).toBe(3)
  })
})

describe('concurrent work', () => {
  it('keeps to its limit and to the order of the items', async () => {
    let running = 0
    let most = 0
    const results = await concurrently([5, 1, 3, 2, 4], 2, async (item) => {
      running += 1
      most = Math.max(most, running)
      for (let turn = 0; turn < item; turn += 1) await Promise.resolve()
      running -= 1
      return item * 2
    })
    expect(results).toEqual([10, 2, 6, 4, 8])
    expect(most).toBe(2)
  })

  it('has ended when its first failure is told, and starts nothing after it', async () => {
    const done: number[] = []
    const slow = Promise.withResolvers<void>()
    const all = concurrently([1, 2, 3], 2, async (item) => {
      if (item === 2) throw new Error('refused')
      await slow.promise
      done.push(item)
    })
    let isTold = false
    all.catch(() => {
      isTold = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isTold).toBe(false)
    slow.resolve()
    await expect(all).rejects.toThrow('refused')
    expect(done).toEqual([1])
  })
})

describe('the queue of what changed', () => {
  it('tells each key once, in the order of its first change, and the last of its values', async () => {
    const queue = createDirtyQueue<string>()
    queue.add('a', 'a1')
    queue.add('b', 'b1')
    queue.add('a', 'a2')
    const stop = new AbortController()
    const taken: string[] = []
    for await (const item of queue.take(stop.signal)) {
      taken.push(item)
      if (item === 'a2') queue.add('c', 'c1')
      if (item === 'c1') stop.abort()
    }
    expect(taken).toEqual(['a2', 'b1', 'c1'])
  })

  it('ends quietly while it waits', async () => {
    const stop = new AbortController()
    const taking = Array.fromAsync(createDirtyQueue<string>().take(stop.signal))
    stop.abort()
    expect(await taking).toEqual([])
  })
})
