// What is to be reached, and what was.
import { percentile } from '../../measure.ts'
import type { TychoRound } from '../measure-tycho.ts'
import type { Options } from '../options.ts'
import type { Singles } from '../person.ts'
import { toTotals } from '../requests.ts'
import { type Row, round } from './numbers.ts'
import type { Results } from './results.ts'
import { bestOf } from './speeds.ts'

/** The value must be at least, or at most, so much. */
type Target = { what: string; value: number; target: number; bound: '>=' | '<=' }

export function printTargets(options: Options, results: Results): void {
  const targets = [...speedTargets(options, results), ...costTargets(options, results.tycho)]
  console.table(targets.map(toRow))
}

const least = (what: string, value: number, target: number): Target => ({ what, value, target, bound: '>=' })
const most = (what: string, value: number, target: number): Target => ({ what, value, target, bound: '<=' })

function speedTargets(
  { systems, exposure, kubectl: few }: Options,
  { floors, tycho, kubectl }: Results,
): Target[] {
  const [start, stop] = [bestOf(floors, 'start'), bestOf(floors, 'stop')]
  const { seconds } = tycho.round.start
  const targets: Target[] = []
  if (start) targets.push(least('start: applied, of the floor', start.applied / seconds.applied, 0.85))
  if (kubectl) {
    const times = systems / seconds.applied / (few / kubectl.start.seconds.applied)
    targets.push(least('start: applied, times kubectl', times, exposure === 'nodePort' ? 2.5 : 4))
  }
  if (stop && tycho.round.stop)
    targets.push(least('stop: pods gone, of the floor', stop.ready / tycho.round.stop.seconds.ready, 0.85))
  return targets
}

function costTargets({ systems }: Options, { usage, latencies, memory, singles }: TychoRound): Target[] {
  const { writes, reads } = toTotals(usage.start.requests)
  const started = systems + (singles?.during.length ?? 0)
  const peak = (isWanted: (name: string) => boolean) =>
    Math.max(...[...memory].filter(([name]) => isWanted(name)).map(([, { peak }]) => peak)) / 1e6
  return [
    most('start: writes per system', writes / started, 2),
    most('start: reads per system', reads / started, 0.05),
    most(
      'pod ready to job done, p99 ms',
      percentile(latencies.fromPodReady, 0.99),
      systems > 1_000 ? 500 : 100,
    ),
    ...(singles ? [most('single start during it, p95, times idle', slowdownOf(singles), 2)] : []),
    most(
      'worker, highest RSS MB',
      peak((name) => name !== 'API'),
      300,
    ),
    most(
      'API, highest RSS MB',
      peak((name) => name === 'API'),
      250,
    ),
  ]
}

function slowdownOf({ idle, during }: Singles): number {
  const [before, meanwhile] = [idle, during].map((singles) =>
    percentile(
      singles.map(({ done }) => done),
      0.95,
    ),
  )
  return (meanwhile ?? Number.NaN) / (before ?? Number.NaN)
}

function toRow({ what, value, target, bound }: Target): Row {
  const isMet = bound === '>=' ? value >= target : value <= target
  return { what, measured: round(value), target: `${bound} ${target}`, 'is met': isMet ? 'yes' : 'NO' }
}
