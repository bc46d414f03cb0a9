// Accepts the stop of a system as it was read, whoever asks: a client, or the end of its lifetime.
import { acceptStop, type StopOptions } from '../jobs/accept.ts'
import type { JobRecord } from '../jobs/job.ts'
import { isDone } from '../jobs/transitions.ts'
import { superseded } from '../jobs/work.ts'
import type { SystemRecord } from '../system/system.ts'
import type { RequestKey } from './request-keys.ts'
import type { Works } from './works.ts'

/** `job`: the id of the job, if a new one is made. */
export type StopRequest = StopOptions & {
  job: string
  maxAttempts: number
  now: number
  requestKey?: RequestKey | null
}

/**
 * Answers the job that stops the system: the running one if that does what is asked, else a new one, which wins over
 * whatever runs. Null: the system changed meanwhile, or a request with the same key
 * was faster; read it again.
 */
export async function stopLive(
  works: Works,
  system: SystemRecord,
  { job, maxAttempts, now, requestKey = null, ...what }: StopRequest,
): Promise<JobRecord | null> {
  const newest = await works.job(system.job)
  const running = newest && !isDone(newest) ? newest : null
  if (running?.kind === 'system.stop' && (running.volumes || !what.volumes)) return running
  const accepted = await works.accept({
    work: acceptStop(system, job, maxAttempts, now, what),
    before: system,
    superseded: running && { before: running, after: superseded(running, job, now) },
    requestKey,
  })
  // A stop reserves no names, so it can't meet a taken one.
  return accepted.outcome === 'accepted' ? accepted.work.job : null
}
