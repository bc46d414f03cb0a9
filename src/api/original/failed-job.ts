// A job that failed while its request waited, as the refusal that the original's clients expect.
import type { JobRecord } from '../../jobs/job.ts'
import { TychoError } from '../../problem.ts'

/** Seconds after which a start may be tried again that failed of what may pass. */
const tryAgainSeconds = 5

/** Its code is the job's own, and stands in no catalogue of refusals. */
export class FailedJob extends TychoError {}

/** `what` was to be done with the system, as `start`. */
export function jobFailure(job: JobRecord, what: string): FailedJob {
  const { code, message, retryable } = job.error ?? { code: 'FAILED', message: 'failed', retryable: false }
  const status = statusOf(job, retryable)
  return new FailedJob(code, `Failed to ${what} system ${job.system.name}: ${message}`, {
    status,
    problems: job.problems,
    ...(status === 503 && { retryAfterSeconds: tryAgainSeconds }),
  })
}

/** 409: another request took the system over. 504: the time was over. 503: the same may succeed later. */
function statusOf(job: JobRecord, retryable: boolean): number {
  if (job.status === 'canceled') return 409
  if (job.error?.code === 'DEADLINE_EXCEEDED') return 504
  return retryable ? 503 : 500
}
