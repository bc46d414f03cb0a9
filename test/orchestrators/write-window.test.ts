import { expect, it } from 'vitest'
import { createWriteWindow } from '../../src/orchestrators/kubernetes/cluster/write-window.ts'

const { signal } = new AbortController()

/** A window whose writes are answered by hand, by a clock that is turned by hand. */
function open(options: Parameters<typeof createWriteWindow>[0] = {}) {
  let time = 0
  const window = createWriteWindow({ first: 4, slowMs: 100, now: () => time, ...options })
  const sent: { name: string; answer: () => void }[] = []
  const run = (name: string, use: 'bulk' | 'start' | 'removal' = 'start', until = signal) =>
    window.run(use, until, () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      sent.push({ name, answer: resolve })
      return promise
    })
  /** Sends so many, always as many at once as there is place for, each answered after so long. */
  const load = async (count: number, tookMs: number) => {
    const all = Array.from({ length: count }, (_, index) => run(`${index}`))
    for (let answered = 0; answered < count; ) {
      await settled()
      time += tookMs
      for (const { answer } of sent.splice(0)) {
        answered += 1
        answer()
      }
    }
    await Promise.all(all)
  }
  return { window, sent, run, load, names: () => sent.map(({ name }) => name) }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

it('sends as many writes at once as it has places, and the others as places become free', async () => {
  const { run, sent, names } = open()
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => run(name))
  await settled()
  expect(names()).toEqual(['a', 'b', 'c', 'd'])
  sent[0]?.answer()
  await settled()
  expect(names()).toEqual(['a', 'b', 'c', 'd', 'e'])
  for (const { answer } of sent) answer()
  await settled()
  sent.at(-1)?.answer()
  await Promise.all(all)
})

it('lets go first what somebody waits for', async () => {
  const { run, sent, names } = open({ first: 1, smallest: 1, largest: 1 })
  const all = [run('first'), run('of many', 'bulk'), run('a start'), run('a removal', 'removal')]
  for (let count = 1; count <= all.length; count += 1) {
    await settled()
    sent.at(-1)?.answer()
  }
  await Promise.all(all)
  expect(names()).toEqual(['first', 'a removal', 'a start', 'of many'])
})

it('keeps places free of what came by the hundred', async () => {
  const { run, sent, names } = open()
  const all = ['a', 'b', 'c', 'd'].map((name) => run(name, 'bulk'))
  await settled()
  expect(names()).toEqual(['a', 'b', 'c'])
  all.push(run('a start'))
  await settled()
  expect(names()).toEqual(['a', 'b', 'c', 'a start'])
  for (let last = 0; last < 2; last += 1) {
    for (const { answer } of sent) answer()
    await settled()
  }
  await Promise.all(all)
})

it('grows while answers are quick and the window is full, up to a bound', async () => {
  const { window, load } = open({ largest: 12 })
  await load(40, 10)
  const halfway = window.size
  await load(400, 10)
  expect(halfway).toBeGreaterThan(4)
  expect(window.size).toBe(12)
})

it('does not grow by writes that come one at a time', async () => {
  const { window, load } = open()
  for (let count = 0; count < 50; count += 1) await load(1, 10)
  expect(window.size).toBe(4)
})

it('shrinks while answers are slow, down to a bound', async () => {
  const { window, load } = open({ first: 32, smallest: 3 })
  await load(60, 500)
  const halfway = window.size
  await load(2_000, 500)
  expect(halfway).toBeLessThan(32)
  expect(window.size).toBe(3)
})

it('halves when the cluster refuses a write for being too many', () => {
  const { window } = open({ first: 32 })
  window.shrink()
  expect(window.size).toBe(16)
})

it('a write that is called off while it waits is never sent, and takes no place', async () => {
  const { run, sent, names } = open({ first: 1, smallest: 1, largest: 1 })
  const stop = new AbortController()
  const first = run('first')
  const off = run('called off', 'start', stop.signal)
  const last = run('last')
  await settled()
  stop.abort(new Error('off'))
  await expect(off).rejects.toThrow('off')
  sent[0]?.answer()
  await settled()
  expect(names()).toEqual(['first', 'last'])
  sent[1]?.answer()
  await Promise.all([first, last])
})
