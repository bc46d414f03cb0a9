// What is asked of a preparation: how far it is, after a wait, and to end it.
import { canceled, isOver, type PreparationRecord, statusOf } from '../../jobs/preparation.ts'
import type { Store } from '../../store/store.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import type { ApiContext } from '../context.ts'
import { lookMs } from '../follow.ts'
import { type Patience, waitUntil } from '../wait-until.ts'

export type PreparationWait = Patience & { until: (record: PreparationRecord) => boolean }

/** Answers it once `until` holds, or as it is when the time is over. Throws PREPARATION_NOT_FOUND (404). */
export function waitForPreparation(
  { store: { preparations, changes } }: { store: Store },
  tenant: Tenant,
  id: string,
  { until, ...patience }: PreparationWait,
): Promise<PreparationRecord> {
  const look = async () => {
    const record = await preparations.get(id)
    if (record?.tenant !== tenant.name) throw notFound(id)
    return record
  }
  const listen = (ring: () => void) => [changes.onPreparation(id, ring), changes.onMissed(ring)]
  return waitUntil({ look, listen, lookMs }, until, patience)
}

/** A worker removes what it has made; one that has not begun ends at once. Throws PREPARATION_NOT_FOUND (404). */
export async function cancelPreparation(
  context: ApiContext,
  tenant: Tenant,
  id: string,
): Promise<PreparationRecord> {
  const { store, tasks, log, metrics } = context
  const before = await store.preparations.get(id)
  if (before?.tenant !== tenant.name) throw notFound(id)
  const after = await store.preparations.change(id, (found) => canceled(found, Date.now()))
  if (!after) return (await store.preparations.get(id)) ?? before
  if (isOver(after)) metrics.preparationEnded(statusOf(after), Date.now() - after.createdAt)
  else
    await tasks
      .prepareImages(id)
      .catch((error: unknown) =>
        log.warn({ preparation: id, err: error }, 'canceled, and its task not told yet'),
      )
  return after
}

function notFound(id: string) {
  return apiError('PREPARATION_NOT_FOUND', `There is no preparation ${id}`)
}
