// Cancels a job: what it did is undone before it ends.

import { type CancelAnswer, cancel } from '../jobs/cancel.ts'
import type { JobRecord } from '../jobs/job.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { enqueue } from './enqueue.ts'

/** Answers the job as it is then; repeated, it changes nothing. Throws JOB_NOT_FOUND (404), CANNOT_CANCEL (409). */
export async function cancelJob(context: ApiContext, tenant: Tenant, id: string): Promise<JobRecord> {
  const { works } = context.store
  const found = await works.job(id)
  if (!found || found.tenant !== tenant.name) throw apiError('JOB_NOT_FOUND', `There is no job ${id}`)
  let answer: CancelAnswer = 'done'
  const after = await works.change(id, (work) => {
    answer = cancel(work, Date.now())
    return typeof answer === 'string' ? null : answer
  })
  if (!after && found.status === 'queued' && found.task === null) return cancelWaiting(context, found)
  if (after) await enqueue(context, after.job, 'job canceled')
  else if ((answer as CancelAnswer) === 'refused') throw cannotCancel(found)
  return after?.job ?? (await works.job(id)) ?? found
}

/** A member of a batch that was not let in yet: nothing was made of it. */
export async function cancelWaiting({ store }: ApiContext, job: JobRecord): Promise<JobRecord> {
  const { works, batches } = store
  const { id = '', index = -1 } = job.origin.batch ?? {}
  const batch = await batches.read(id)
  if (batch) await batches.cancelWaiting(batch, await batches.members(id, [index]))
  return (await works.job(job.id)) ?? job
}

function cannotCancel({ id, system }: JobRecord) {
  return apiError(
    'CANNOT_CANCEL',
    `Job ${id} stops system ${system.name}, which can't be called off; start the system again when it is done`,
  )
}
