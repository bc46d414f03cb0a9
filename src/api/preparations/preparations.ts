// What is asked of a preparation: how far it is, after a wait, and to end it.
import { canceled, isOver, type PreparationRecord, statusOf } from '../../jobs/preparation.ts'
import { createBell } from '../../store/bell.ts'
import type { Store } from '../../store/store.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import type { ApiContext } from '../context.ts'
import { lookMs } from '../follow.ts'
import type { WaitOptions } from '../wait-for-job.ts'

export type PreparationWait = Pick<WaitOptions, 'timeoutMs' | 'signals'> & {
  until: (record: PreparationRecord) => boolean
}

/** Answers it once `until` holds, or as it is when the time is over. Throws PREPARATION_NOT_FOUND (404). */
export async function waitForPreparation(
  { store }: { store: Store },
  tenant: Tenant,
  id: string,
  { until, timeoutMs, signals }: PreparationWait,
): Promise<PreparationRecord> {
  const deadline = Date.now() + timeoutMs
  using bell = createBell(signals)
  const stops = [store.changes.onPreparation(id, bell.ring), store.changes.onMissed(bell.ring)]
  try {
    for (;;) {
      const record = await store.preparations.get(id)
      if (record?.tenant !== tenant.name) throw notFound(id)
      const leftMs = deadline - Date.now()
      const isLate = leftMs <= 0 || signals.some((signal) => signal.aborted)
      if (until(record) || isLate) return record
      await bell.rung(Math.min(leftMs, lookMs))
    }
  } finally {
    for (const stop of stops) stop()
  }
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
