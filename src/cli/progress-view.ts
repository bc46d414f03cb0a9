// A job as lines of text. Pure: the live display and the plain one show the same words.
import type { Job } from '../client/shapes.ts'
import type { Readiness } from '../system/readiness.ts'
import { oneLine } from './one-line.ts'
import type { Paint, Style } from './paint.ts'
import type { ProgressView } from './progress.ts'

const verbs = {
  'system.start': 'Starting',
  'system.stop': 'Stopping',
  'system.update': 'Updating',
  'system.restart': 'Restarting',
  'system.suspend': 'Suspending',
  'system.resume': 'Resuming',
} as const satisfies Record<Job['kind'], string>

export const readinessStyles = {
  ready: 'green',
  pending: 'yellow',
  failed: 'red',
  terminating: 'yellow',
  absent: 'dim',
} as const satisfies Record<Readiness, Style>

const widestReadiness = 'terminating'.length

export const jobView: ProgressView<Job> = { live: liveLines, plain: plainLines }

/** The whole state, for a display that is updated in place. `seconds`: since the command began. */
export function liveLines(job: Job, seconds: number, paint: Paint): string[] {
  const { services, message, step } = job.progress
  const width = Math.max(0, ...Object.keys(services).map((name) => name.length))
  return [
    `${paint('bold', headOf(job))} ${paint('dim', `(${seconds} s)`)} ${isOfService(job) ? step : oneLine(message)}`,
    ...Object.entries(services).map(([name, { readiness, reason }]) => {
      const state = paint(readinessStyles[readiness], readiness.padEnd(widestReadiness))
      return `  ${name.padEnd(width)}  ${state}  ${oneLine(reason?.message ?? '')}`.trimEnd()
    }),
  ]
}

/** What is new since the last look, one line each, for logs and pipes. */
export function plainLines(before: Job | null, job: Job): string[] {
  const lines: string[] = []
  const { message, services } = job.progress
  if (!isOfService(job) && before?.progress.message !== message)
    lines.push(`${headOf(job)}: ${oneLine(message)}`)
  for (const [name, state] of Object.entries(services)) {
    const line = serviceLine(name, state)
    const last = before?.progress.services[name]
    if (!last || serviceLine(name, last) !== line) lines.push(line)
  }
  return lines
}

/** A message about one service repeats what the line of that service says. */
function isOfService({ progress: { message, services } }: Job): boolean {
  return Object.keys(services).some((name) => message.startsWith(`${name}: `))
}

type ServiceState = Job['progress']['services'][string]

function serviceLine(name: string, { readiness, reason }: ServiceState): string {
  return `  ${name}: ${readiness}${reason ? ` (${oneLine(reason.message)})` : ''}`
}

function headOf(job: Job): string {
  return `${verbs[job.kind]} ${job.system.name}`
}
