// Accepts the stop of a system: it wins over whatever runs on it.
import { acceptStop } from '../jobs/accept.ts'
import type { JobRecord } from '../jobs/job.ts'
import { isDone } from '../jobs/transitions.ts'
import { superseded } from '../jobs/work.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { enqueue } from './enqueue.ts'

const attempts = 10

/**
 * Answers the job that stops the system, a running one if there is one; a wish to delete its volumes too makes a new one
 * of one that keeps them. Throws SYSTEM_NOT_FOUND (404), CONTENDED (503).
 */
export async function stopSystem(
  context: ApiContext,
  tenant: Tenant,
  name: string,
  volumes = false,
): Promise<JobRecord> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const system = await context.store.works.system(tenant.name, name)
    if (!system) throw apiError('SYSTEM_NOT_FOUND', `There is no system ${name}`)
    if (isEnded(system))
      throw apiError('SYSTEM_NOT_FOUND', `System ${name} is ${system.phase}: nothing is left of it`)
    const stopped = await stopLive(context, system, volumes)
    if (stopped) return stopped
  }
  throw apiError('CONTENDED', `System ${name} changed ${attempts} times meanwhile`, { retryAfterSeconds: 1 })
}

/** Null: the system changed meanwhile. */
async function stopLive(
  context: ApiContext,
  system: SystemRecord,
  volumes: boolean,
): Promise<JobRecord | null> {
  const newest = await context.store.works.job(system.job)
  const running = newest && !isDone(newest) ? newest : null
  if (running?.kind === 'system.stop' && (running.volumes || !volumes)) return running
  const now = Date.now()
  const work = acceptStop(system, context.ids.job(), context.maxAttempts, now, volumes)
  const accepted = await context.store.works.accept({
    work,
    before: system,
    superseded: running && { before: running, after: superseded(running, work.job.id, now) },
  })
  // A stop reserves no names, so it can't meet a taken one.
  if (accepted.outcome !== 'accepted') return null
  await enqueue(context, accepted.work.job)
  return accepted.work.job
}
