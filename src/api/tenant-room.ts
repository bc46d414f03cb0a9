// Whether a tenant may have so many more systems and jobs, by its limits and by the depth of the queue.
import type { TychoError } from '../problem.ts'
import type { Full, Room, Wanted } from '../store/room.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'

/** Jobs end all the time: the first may have. */
const jobRetrySeconds = 5

const queueRetrySeconds = 30

/** What the store holds an acceptance against. */
export function roomOf({ queueLimit }: Pick<ApiContext, 'queueLimit'>, { limits }: Tenant): Room {
  return { limits, queue: queueLimit === 0 ? null : queueLimit }
}

/**
 * The early check, before the work that a request makes; the transaction that accepts it has the last word. Throws
 * SYSTEM_LIMIT (403), JOB_LIMIT (429), QUEUE_FULL (503).
 */
export async function requireRoom(context: ApiContext, tenant: Tenant, wanted: Wanted): Promise<void> {
  const full = await context.store.readFull(tenant.name, roomOf(context, tenant), wanted)
  if (full) throw fullError(full, wanted)
}

/** `wanted` left out: one. */
export function fullError({ of, limit, used }: Full, wanted: Wanted = { systems: 1, jobs: 1 }): TychoError {
  switch (of) {
    case 'systems':
      return apiError(
        'SYSTEM_LIMIT',
        `The tenant may have ${limit} systems and has ${used}: ${more(wanted.systems)} too many; stop some first`,
      )
    case 'pendingJobs':
      return apiError(
        'JOB_LIMIT',
        `The tenant may have ${limit} pending jobs and has ${used}: ${more(wanted.jobs)} too many now; try again later`,
        { retryAfterSeconds: jobRetrySeconds },
      )
    case 'queue':
      return apiError(
        'QUEUE_FULL',
        `${used} jobs of all tenants are pending and ${limit} may be: ${more(wanted.jobs)} too many now; try again later`,
        { retryAfterSeconds: queueRetrySeconds },
      )
    default:
      return of satisfies never
  }
}

function more(count: number): string {
  return count === 1 ? 'one more is' : `${count} more are`
}
