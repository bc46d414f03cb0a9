// How fast: systems per second, and beside them the share of the floor.
import type { Options } from '../options.ts'
import type { Phase, Round } from '../round.ts'
import { type Row, round } from './numbers.ts'
import type { FloorRound, Results } from './results.ts'

/** Systems per second, and beside them the share of the best floor. */
export function printSpeeds(
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
