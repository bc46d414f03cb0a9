// What it takes: processor time of everybody, and what Redis and the memory of Tycho's processes see of it.
import type { TychoRound } from '../measure-tycho.ts'
import type { Options } from '../options.ts'
import { round } from './numbers.ts'
import type { Results } from './results.ts'

export function printTimes({ systems }: Options, { floors, tycho }: Results): void {
  const floor = floors[0]?.round
  const columns: Record<string, ReadonlyMap<string, number>> = {
    'floor, start': floor?.start.cpuMs ?? new Map(),
    'Tycho, start': new Map([...tycho.usage.start.cpuMs, ...tycho.round.start.cpuMs]),
    'floor, stop': floor?.stop?.cpuMs ?? new Map(),
    'Tycho, stop': new Map([...(tycho.usage.stop?.cpuMs ?? []), ...(tycho.round.stop?.cpuMs ?? [])]),
  }
  const names = [...new Set(Object.values(columns).flatMap((times) => [...times.keys()]))]
  console.log('Processor seconds per 1,000 systems')
  console.table(
    names.map((name) => ({
      process: name,
      ...Object.fromEntries(
        Object.entries(columns).map(([column, times]) => [column, round((times.get(name) ?? 0) / systems)]),
      ),
    })),
  )
}

export function printUsage(systems: number, { usage, memory }: TychoRound): void {
  const per = (value: number) => round(value / systems)
  console.table(
    (['start', 'stop'] as const).flatMap((what) => {
      const redis = usage[what]?.redis
      if (!redis) return []
      const { scripts, calls, bytes, memoryBytes } = redis
      return {
        Redis: what,
        'scripts per system': per(scripts),
        'commands per system, with those in scripts': per(calls),
        'bytes per system': per(bytes),
        'peak MB': round(memoryBytes / 1e6),
      }
    }),
  )
  console.table(
    [...memory].map(([name, { peak, now }]) => ({
      process: name,
      'highest RSS MB': round(peak / 1e6),
      'RSS at the end MB': round(now / 1e6),
    })),
  )
}
