// What a job came to, in words.
import type { Job } from '../client/shapes.ts'
import type { Problem } from '../problem.ts'
import { oneLine } from './one-line.ts'
import type { Output } from './output.ts'
import { printProblems } from './problems.ts'
import type { Source } from './source.ts'
import { alignColumns } from './table.ts'

const pastWords = {
  'system.start': 'is running',
  'system.stop': 'is stopped',
  'system.update': 'is updated',
  'system.restart': 'is restarted',
  'system.suspend': 'is suspended',
  'system.resume': 'is running again',
} as const satisfies Record<Job['kind'], string>

export type EndpointLike = NonNullable<Job['result']>['endpoints'][number]

/** The result on standard output; a failure and its problems on standard error. */
export function printOutcome(job: Job, source: Source | null, output: Output): void {
  const { error, result } = job
  if (error) {
    const errors = job.problems.filter((problem) => problem.severity === 'error')
    for (const line of printProblems(errors, source, output.paint.note)) output.note(line)
    const head = output.paint.note('red', `${job.system.name} ${job.status}`)
    output.note(`${head}: ${error.code}: ${oneLine(error.message)}`)
    for (const line of logLines(error.details)) output.note(line)
    return
  }
  output.say(`${job.system.name} ${output.paint.result('green', pastWords[job.kind])}`)
  for (const line of endpointLines(result?.endpoints ?? [])) output.say(`  ${line}`)
}

/** What the container has said last, where the job could read it. */
function logLines({ container, log }: Record<string, unknown>): string[] {
  if (!Array.isArray(log) || log.length === 0) return []
  return [`  the last lines of ${container}:`, ...log.map((line) => `  | ${oneLine(`${line}`)}`)]
}

/** Warnings and hints about the input. */
export function printRemarks(problems: readonly Problem[], source: Source | null, output: Output): void {
  const remarks = problems.filter((problem) => problem.severity !== 'error')
  for (const line of printProblems(remarks, source, output.paint.note)) output.note(line)
}

/** Service, port and URL of each published port. */
export function endpointLines(endpoints: readonly EndpointLike[]): string[] {
  return alignColumns(
    endpoints.map((endpoint) => [
      endpoint.service,
      `${endpoint.containerPort}/${endpoint.protocol}`,
      endpoint.url ?? `port ${endpoint.port}`,
    ]),
  )
}
