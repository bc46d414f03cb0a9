// How long jobs take, where their time goes, and how soon their end is told.
import { percentile } from '../../measure.ts'
import type { TychoRound } from '../measure-tycho.ts'
import type { Single } from '../singles.ts'
import { type Row, round } from './numbers.ts'

export function printWaits({ latencies, steps, singles, answerMs }: TychoRound): void {
  console.log(`The launch was answered after ${Math.round(answerMs)} ms. Milliseconds of its jobs:`)
  console.table([
    ...[...steps].map(([step, times]) => row(`in the step: ${step}`, times)),
    row('from the Ready pod, to a bare watch, to the end of the job', latencies.fromPodReady),
    row('from the available Deployment, to a bare watch, to it', latencies.fromAvailable),
  ])
  if (!singles) return
  console.log('Milliseconds of single starts, one after the other:')
  console.table(
    (['idle', 'during'] as const).flatMap((when) => [
      singleRow(`${when}: until both objects are there`, singles[when], 'applied'),
      singleRow(`${when}: until a bare watch sees it available`, singles[when], 'available'),
      singleRow(`${when}: until the job is done`, singles[when], 'done'),
    ]),
  )
}

function singleRow(what: string, singles: readonly Single[], moment: keyof Single): Row {
  return row(
    what,
    singles.map((one) => one[moment]),
  )
}

function row(what: string, times: readonly number[]): Row {
  const at = (share: number) => round(percentile(times, share))
  return { what, p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1), count: times.length }
}
