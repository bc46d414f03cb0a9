// How a service stands that is a CronJob. Pure.
import type { ServiceState } from '../../../system/readiness.ts'
import { jobReadiness } from './readiness-job.ts'
import type { SeenCronJob, SeenJob, SeenPod } from './seen.ts'

/** A Job of the CronJob, with its pods. */
export type Run = { job: SeenJob; pods: readonly SeenPod[] }

/**
 * Ready and started as soon as it is there, whenever its first run may be; it never completes, and so does no system that
 * has one. It is failed from a run that fails, or can't ever start, until one ends well. Runs of an earlier spec say
 * nothing about the present one.
 */
export function cronJobReadiness(cronJob: SeenCronJob, runs: readonly Run[]): ServiceState {
  const base = { started: true, completed: false }
  if (cronJob.isDeleting) {
    const message = 'It is being deleted'
    return { ...base, readiness: 'terminating', reason: { code: 'TERMINATING', message } }
  }
  const own = runs.filter(({ job }) => job.template === cronJob.template && !job.isDeleting)
  const ended = own
    .sort((a, b) => b.job.writtenAt.localeCompare(a.job.writtenAt))
    .map(({ job, pods }) => jobReadiness(job, pods))
    .find(({ readiness, completed }) => readiness === 'failed' || completed)
  if (ended?.readiness !== 'failed' || !ended.reason) return { ...base, readiness: 'ready' }
  const { code, message } = ended.reason
  return { ...base, readiness: 'failed', reason: { code, message: `Its last run: ${message}` } }
}
