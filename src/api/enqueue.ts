// Puts the task of an accepted job in the queue.
import type { JobRecord } from '../jobs/job.ts'
import { traceField } from '../jobs/trace-parent.ts'
import type { ApiContext } from './context.ts'

/** Never throws: the job is accepted, and a sweeper gives it its task when this could not. `said` goes to the log. */
export async function enqueue(
  { tasks, log }: ApiContext,
  job: JobRecord,
  said = 'request accepted',
): Promise<void> {
  const { id, kind, tenant, system } = job
  const line = { job: id, kind, system: system.name, tenant, ...traceField(job.origin.trace) }
  try {
    await tasks.enqueue(job)
    log.info(line, said)
  } catch (error) {
    log.warn({ ...line, err: error }, 'accepted, but not in the queue yet')
  }
}
