// Accepts the stop of a system: it wins over whatever runs on it.

import type { JobRecord } from '../jobs/job.ts'
import { stopLive } from '../store/stop-live.ts'
import { isEnded } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import { cancelJob } from './cancel.ts'
import type { ApiContext } from './context.ts'
import { enqueue } from './enqueue.ts'

const attempts = 10

/**
 * Answers the job that stops the system, a running one if there is one; a wish to delete its volumes too makes a new one
 * of one that keeps them, and deletes what a stopped system has kept. Throws SYSTEM_NOT_FOUND (404), CONTENDED (503).
 */
export async function stopSystem(
  context: ApiContext,
  tenant: Tenant,
  name: string,
  volumes = false,
): Promise<JobRecord> {
  const { store, ids, maxAttempts } = context
  for (let attempt = 0; attempt < attempts; attempt++) {
    const system = await store.works.system(tenant.name, name)
    const waiting = system ? null : await waitingJob(context, tenant, name)
    if (waiting) return cancelJob(context, tenant, waiting.id)
    if (!system) throw unknownSystem(name, volumes)
    if (isEnded(system) && !volumes) throw nothingLeft(name, system.phase)
    const request = { job: ids.job(), maxAttempts, volumes, now: Date.now() }
    const job = await stopLive(store.works, system, request)
    if (job) {
      await enqueue(context, job)
      return job
    }
  }
  throw apiError('CONTENDED', `System ${name} changed ${attempts} times meanwhile`, { retryAfterSeconds: 1 })
}

/** Of a member of a batch that will have this name when it is let in. */
async function waitingJob({ store }: ApiContext, { name: tenant }: Tenant, name: string) {
  const found = await store.batches.waitingAs(tenant, name)
  return found && store.works.job(found.member.state.job)
}

/** Claims are found by a system's record: of one that is forgotten, a start makes it known again, and adopts them. */
function unknownSystem(name: string, volumes: boolean) {
  const way = volumes
    ? `. Volumes that a system of this name has kept belong to the next one: start it again, then delete it with volumes=true`
    : ''
  return apiError('SYSTEM_NOT_FOUND', `There is no system ${name}${way}`)
}

function nothingLeft(name: string, phase: string) {
  const message = `System ${name} is ${phase}: nothing is left of it but named volumes, which volumes=true deletes`
  return apiError('SYSTEM_NOT_FOUND', message)
}
