// The tables of a launch.
import { percentile } from '../measure.ts'
import type { Latencies, TychoRound } from './measure-tycho.ts'
import type { Options } from './options.ts'
import { REFUSED, type Requests, toTotals } from './requests.ts'
import type { Phase, Round } from './round.ts'

export type FloorRound = { manner: string; round: Round }

export type Results = { floors: readonly FloorRound[]; tycho: TychoRound; kubectl: Round | null }

type Cell = string | number
type Row = Readonly<Record<string, Cell>>

export function printReport(options: Options, results: Results): void {
  const { systems } = options
  printSpeeds('start', ['applied', 'ready', 'done'], options, results)
  if (results.tycho.round.stop) printSpeeds('stop', ['objects gone', 'pods gone', 'done'], options, results)
  printTargets(options, results)
  printRequests(options, results)
  printTimes(options, results)
  printUsage(systems, results.tycho)
}

const round = (value: number, digits = 3): number => Number(value.toPrecision(digits))

/** Systems per second, and beside them the share of the best floor. */
function printSpeeds(
  what: 'start' | 'stop',
  [applied, ready, done]: [string, string, string],
  { systems, kubectl: few }: Options,
  { floors, tycho, kubectl }: Results,
): void {
  const best = bestOf(floors, what)
  const row = (name: string, phase: Phase, count: number): Row => {
    const { seconds } = phase
    const share = (own: number, floor: number | undefined) =>
      floor === undefined ? '' : round(count / own / (systems / floor))
    return {
      [what]: name,
      [`to ${applied}, systems/s`]: round(count / seconds.applied),
      'of the floor': share(seconds.applied, best?.applied),
      [`to ${ready}, systems/s`]: round(count / seconds.ready),
      'of the floor ': share(seconds.ready, best?.ready),
      [`to ${done}, systems/s`]: round(count / seconds.actor),
    }
  }
  const phaseOf = (one: Round) => (what === 'start' ? one.start : one.stop)
  const rows = [
    ...floors.map(({ manner, round }) => ({
      name: `floor: ${manner}`,
      phase: phaseOf(round),
      count: systems,
    })),
    { name: 'Tycho', phase: phaseOf(tycho.round), count: systems },
    ...(kubectl && what === 'start'
      ? [{ name: `kubectl apply --server-side (${few} systems)`, phase: kubectl.start, count: few }]
      : []),
  ]
  console.table(rows.flatMap(({ name, phase, count }) => (phase ? [row(name, phase, count)] : [])))
}

type Seconds = Pick<Phase['seconds'], 'applied' | 'ready'>

/** The best of each, which need not be of the same round. */
export function bestOf(floors: readonly FloorRound[], what: 'start' | 'stop'): Seconds | null {
  const phases = floors.flatMap(({ round }) => round[what] ?? [])
  if (phases.length === 0) return null
  return {
    applied: Math.min(...phases.map(({ seconds }) => seconds.applied)),
    ready: Math.min(...phases.map(({ seconds }) => seconds.ready)),
  }
}

function printTargets(options: Options, results: Results): void {
  console.table(targetsOf(options, results).map(toRow))
}

/** What is to be reached; `least`: the value must be at least so much, else at most. */
type Target = { what: string; value: number; target: number; least: boolean }

function targetsOf(
  { systems, exposure, kubectl: few }: Options,
  { floors, tycho, kubectl }: Results,
): Target[] {
  const [start, stop] = [bestOf(floors, 'start'), bestOf(floors, 'stop')]
  const { seconds } = tycho.round.start
  const perSystem = (count: number) => count / systems
  const own = toTotals(tycho.usage.start.requests)
  const worker = Math.max(...[...tycho.memory].filter(([name]) => name !== 'API').map(([, { peak }]) => peak))
  const least = (what: string, value: number, target: number) => ({ what, value, target, least: true })
  const most = (what: string, value: number, target: number) => ({ what, value, target, least: false })
  return [
    ...(start ? [least('start: applied, of the floor', start.applied / seconds.applied, 0.85)] : []),
    ...(kubectl
      ? [
          least(
            'start: applied, times kubectl',
            (systems / seconds.applied) * (kubectl.start.seconds.applied / few),
            exposure === 'nodePort' ? 2.5 : 4,
          ),
        ]
      : []),
    ...(stop && tycho.round.stop
      ? [least('stop: pods gone, of the floor', stop.ready / tycho.round.stop.seconds.ready, 0.85)]
      : []),
    most('start: writes per system', perSystem(own.writes), 2),
    most('start: reads per system', perSystem(own.reads), 0.05),
    most(
      'pod ready to job done, p99 ms',
      percentile(tycho.latencies.fromPodReady, 0.99),
      systems > 1_000 ? 500 : 100,
    ),
    most('worker, highest RSS MB', worker / 1e6, 300),
    most('API, highest RSS MB', (tycho.memory.get('API')?.peak ?? Number.NaN) / 1e6, 250),
  ]
}

function toRow({ what, value, target, least }: Target): Row {
  const isMet = least ? value >= target : value <= target
  return {
    what,
    measured: round(value),
    target: `${least ? '>=' : '<='} ${target}`,
    'is met': isMet ? 'yes' : 'NO',
  }
}

/** The counters of the API server know no clients: what Tycho's phase has more than the floor's is Tycho's. */
function printRequests({ systems }: Options, { floors, tycho }: Results): void {
  const floor = floors[0]?.round
  for (const what of ['start', 'stop'] as const) {
    const ours = tycho.round[what]
    if (!ours) continue
    const theirs: Requests = floor?.[what]?.requests ?? new Map()
    const per = (requests: Requests, key: string) => round((requests.get(key) ?? 0) / systems)
    const keys = [...new Set([...ours.requests.keys(), ...theirs.keys()])]
      .filter((key) => key !== REFUSED)
      .sort()
    console.log(`${what}: requests per system, counted by the API server (all clients)`)
    console.table(
      keys
        .map((request) => ({ request, floor: per(theirs, request), Tycho: per(ours.requests, request) }))
        .filter((row) => row.floor >= 0.02 || row.Tycho >= 0.02),
    )
    console.log(`${what}: requests per system of Tycho, counted by its own processes`)
    const own: Requests = tycho.usage[what]?.requests ?? new Map()
    console.table([...own.keys()].sort().map((request) => ({ request, 'per system': per(own, request) })))
    const refused = (requests: Requests) => requests.get(REFUSED) ?? 0
    console.log(`${what}: refused with 429: floor ${refused(theirs)}, Tycho ${refused(ours.requests)}`)
  }
}

function printTimes({ systems }: Options, { floors, tycho }: Results): void {
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

function printUsage(systems: number, { usage, memory, latencies, answerMs }: TychoRound): void {
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
  printLatencies(latencies)
  console.log(`The launch was answered after ${Math.round(answerMs)} ms.`)
}

function printLatencies({ fromPodReady, fromAvailable }: Latencies): void {
  const row = (what: string, times: readonly number[]): Row => {
    const at = (share: number) => round(percentile(times, share))
    return { what, p50: at(0.5), p90: at(0.9), p99: at(0.99), most: at(1) }
  }
  console.log('Milliseconds from what a bare watch hears to the end of the job')
  console.table([
    row('from the Ready pod', fromPodReady),
    row('from the available Deployment', fromAvailable),
  ])
}
