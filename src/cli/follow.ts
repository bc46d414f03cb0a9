// Waits for a job in front of the user, and says how it ended.
import type { Client, TaggedJob } from '../client/client.ts'
import type { Job } from '../client/shapes.ts'
import { mergeProblems, type Problem } from '../problem.ts'
import { type ExitCode, exitCodeOfJob, InterruptedError, PatienceError } from './exit-codes.ts'
import type { Output } from './output.ts'
import { jobView } from './progress-view.ts'
import { printOutcome, printRemarks } from './result.ts'
import type { Source } from './source.ts'
import { pollOfJob, toTagged } from './wait.ts'
import { watchUntilDone } from './watch.ts'

export type FollowOptions = {
  json: true | undefined
  /** The file that was sent. */
  source: Source | null
  /** Longest wait; null: until the job is done. */
  limitMs: number | null
}

/** Prints what the cluster had to remark, and the job's end. Throws what `watchJob` throws. */
export async function followJob(
  client: Client,
  first: TaggedJob,
  options: FollowOptions,
  output: Output,
): Promise<ExitCode> {
  const job = await watchJob(client, first, options, output)
  if (options.json) output.json(job)
  else {
    printRemarks(laterProblems(first.job, job), options.source, output)
    printOutcome(job, options.source, output)
  }
  return exitCodeOfJob(job)
}

/** What was not known when the job was accepted. */
function laterProblems(first: Job, last: Job): Problem[] {
  return mergeProblems(first.problems, last.problems).slice(first.problems.length)
}

/** Shows the job until it is done. A PatienceError or InterruptedError says what goes on without the user. */
export function watchJob(
  client: Client,
  first: TaggedJob,
  { json, limitMs }: Pick<FollowOptions, 'json' | 'limitMs'>,
  output: Output,
): Promise<Job> {
  const poll = pollOfJob(client, first.job.id)
  return watchUntilDone(
    { first: toTagged(first), poll, view: jobView, json, limitMs, farewell: toFarewell },
    output,
  )
}

function toFarewell(error: unknown, job: Job): unknown {
  const { name } = job.system
  const looks = `"tycho wait ${job.id}" waits for it, "tycho status ${name}" shows it`
  const hint = job.kind === 'system.stop' ? looks : `${looks}, "tycho down ${name}" stops it`
  if (error instanceof PatienceError) {
    return new PatienceError(`${error.message} (${job.progress.message}). The work goes on: ${hint}`)
  }
  if (!(error instanceof InterruptedError)) return error
  return new InterruptedError(
    `${name} goes on ${job.kind === 'system.stop' ? 'stopping' : 'starting'}: ${hint}`,
  )
}
