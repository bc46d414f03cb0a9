// Batches as lines of text. Pure: the live display and the plain one show the same words.
import type { AcceptedBatch, Batch } from '../../client/shapes.ts'
import { ageOf } from '../age.ts'
import { oneLine } from '../one-line.ts'
import type { Paint } from '../paint.ts'
import type { ProgressView } from '../progress.ts'
import { statusStyles } from '../status-styles.ts'
import { alignColumns } from '../table.ts'

export const batchView: ProgressView<Batch> = { live: liveLines, plain: plainLines }

function liveLines(batch: Batch, seconds: number, paint: Paint): string[] {
  return [
    `${paint('bold', headOf(batch))} ${paint('dim', `(${seconds} s)`)} ${oneLine(batch.progress.message)}`,
    `  ${countsOf(batch, paint)}`,
  ]
}

/** A line for each tenth of the way, and for what is not on it: hundreds of systems would be hundreds of lines. */
function plainLines(before: Batch | null, batch: Batch): string[] {
  if (before && stageOf(before) === stageOf(batch)) return []
  return [`${headOf(batch)}: ${oneLine(batch.progress.message)}`]
}

function stageOf({ status, round, progress, removal, counts }: Batch): string {
  const tenth = removal
    ? Math.ceil((10 * removal.remaining) / Math.max(1, counts.total))
    : Math.floor(progress.percent / 10)
  return `${round} ${status} ${removal ? 'stopping' : 'starting'} ${tenth}`
}

function headOf({ name, removal }: Batch): string {
  return `${removal ? 'Stopping' : 'Starting'} ${name}`
}

/** `2 running, 1 failed`: those that there are. */
export function countsOf({ counts }: Batch, paint: Paint): string {
  const parts = (['succeeded', 'running', 'queued', 'failed', 'canceled'] as const).filter(
    (status) => counts[status] > 0,
  )
  return parts.map((status) => paint(statusStyles[status], `${counts[status]} ${status}`)).join(', ')
}

/** A row for each batch. `now`: milliseconds since the epoch. */
export function batchTable(batches: readonly Batch[], now: number, paint: Paint): string[] {
  const head = ['ID', 'NAME', 'STATUS', 'STARTED', 'FAILED', 'AGE'].map((title) => paint('dim', title))
  const rows = batches.map(({ id, name, status, counts, createdAt }) => [
    id,
    name,
    paint(statusStyles[status], status),
    `${counts.succeeded}/${counts.total}`,
    `${counts.failed}`,
    ageOf(createdAt, now),
  ])
  return alignColumns([head, ...rows])
}

/** For scripts. */
export function terseBatch({ id, name, status, counts }: Batch): string {
  return [id, name, status, counts.succeeded, counts.total].join('\t')
}

export function batchLines(batch: Batch, paint: Paint): string[] {
  const { id, name, status, progress, createdAt, exposure, spread, skipped, startedPerSecond } = batch
  const rows = [
    ['id', id],
    ['systems', countsOf(batch, paint)],
    ['progress', oneLine(progress.message)],
    ...(startedPerSecond > 0 ? [['speed', `${startedPerSecond} a second`]] : []),
    ...(skipped > 0 ? [['left out', `${skipped} of the request, which are bad`]] : []),
    ['published', `by ${exposure}`],
    ['runs in', spread.map(({ namespace, members }) => `${namespace} (${members})`).join(', ')],
  ]
  return [
    `${paint('bold', name)}  ${paint(statusStyles[status], status)}  since ${createdAt}`,
    ...alignColumns(rows).map((line) => `  ${line}`),
  ]
}

/** Items of the request that were left out, and why. */
export function skippedLines({ skippedItems = [] }: AcceptedBatch, paint: Paint): string[] {
  return skippedItems.map(({ index, name, problems }) => {
    const why = problems.map(({ code, message }) => `${code}: ${oneLine(message)}`).join('; ')
    return `${paint('yellow', 'left out')} items[${index}]${name === undefined ? '' : ` ${oneLine(name)}`}: ${why}`
  })
}
