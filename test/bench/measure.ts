// Times and memory of something that is done again and again.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** One run, for what is refused before anything could warm up. */
export function timeMs(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** In milliseconds. `best` is what the work itself costs; `median` what it costs beside all else on the machine. */
export type Times = { median: number; best: number }

/** Several things, each done as often after a warm-up, in turns, so that a busy machine slows all of them alike. */
export function measure(rounds: number, works: readonly (() => unknown)[]): Times[] {
  const times = works.map((): number[] => [])
  for (let round = 0; round < rounds * 2; round += 1) {
    for (const [index, work] of works.entries()) {
      const time = timeMs(work)
      if (round >= rounds) times[index]?.push(time)
    }
  }
  return times.map((all) => ({ median: median(all), best: Math.min(...all) }))
}

/** Bytes that are still held by what `work` answers. */
export function heldBytes(work: () => unknown): number {
  const collect = collector()
  // What the first collection finalises, the second frees.
  collect()
  collect()
  const before = process.memoryUsage().heapUsed
  const held = work()
  collect()
  collect()
  const bytes = process.memoryUsage().heapUsed - before
  // Used once more, so that it is alive until here.
  return held === undefined ? 0 : bytes
}

function collector(): () => void {
  setFlagsFromString('--expose-gc')
  return runInNewContext('gc') as () => void
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value below which that share of them lies; `share` 1 is the largest. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
