// Jobs as lines of text. Pure.
import type { Job } from '../client/shapes.ts'
import { ageOf } from './age.ts'
import { oneLine } from './one-line.ts'
import type { Paint } from './paint.ts'
import { statusStyles } from './status-styles.ts'
import { alignColumns } from './table.ts'

/** A row for each job. `now`: milliseconds since the epoch. */
export function jobTable(jobs: readonly Job[], now: number, paint: Paint): string[] {
  const head = ['ID', 'SYSTEM', 'KIND', 'STATUS', 'AGE', 'MESSAGE'].map((title) => paint('dim', title))
  const rows = jobs.map((job) => [
    job.id,
    job.system.name,
    shortKind(job),
    paint(statusStyles[job.status], job.status),
    ageOf(job.createdAt, now),
    oneLine(job.error ? `${job.error.code}: ${job.error.message}` : job.progress.message),
  ])
  return alignColumns([head, ...rows])
}

/** For scripts. */
export function terseJob(job: Job): string {
  return [job.id, job.system.name, shortKind(job), job.status].join('\t')
}

/** As `--kind` takes it. */
function shortKind({ kind }: Job): string {
  return kind.slice('system.'.length)
}
