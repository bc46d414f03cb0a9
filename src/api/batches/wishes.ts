// What is asked of a batch as a whole: to cancel it, to try again what failed, to stop all its systems.
import { type Batch, isBatchDone } from '../../jobs/batch.ts'
import { cancelAllWaiting } from '../../store/cancel-waiting.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import type { ApiContext } from '../context.ts'
import { requireRoom } from '../tenant-room.ts'

const chunk = 500

/** Throws BATCH_NOT_FOUND (404). */
export async function readBatch({ store }: ApiContext, tenant: Tenant, id: string): Promise<Batch> {
  const batch = await store.batches.read(id)
  if (batch?.tenant !== tenant.name) throw apiError('BATCH_NOT_FOUND', `There is no batch ${id}`)
  return batch
}

/** Members that wait end at once; a worker cancels those that were let in. Repeated, it changes nothing. */
export async function cancelBatch(context: ApiContext, tenant: Tenant, id: string): Promise<Batch> {
  const { batches } = context.store
  const batch = await readBatch(context, tenant, id)
  if (isBatchDone(batch)) return batch
  if (batch.wish === 'none') await batches.wish(batch, 'cancel')
  await cancelAllWaiting(batches, batch)
  return readBatch(context, tenant, id)
}

/** Its systems are stopped by the workers, a few at a time. */
export async function stopBatch(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  volumes: boolean,
): Promise<Batch> {
  const { batches } = context.store
  const batch = await readBatch(context, tenant, id)
  const wish = volumes || batch.wish === 'stopWithVolumes' ? 'stopWithVolumes' : 'stop'
  const isUnderWay = batch.wish === wish && batch.toStop + batch.stopping > 0
  const isDone = batch.wish === wish && batch.alive === 0
  if (!isUnderWay && !isDone) {
    await batches.wish(
      batch,
      wish,
      Array.from({ length: batch.items }, (_, index) => index),
    )
  }
  await cancelAllWaiting(batches, batch)
  return readBatch(context, tenant, id)
}

/** Those that failed wait for another turn. Throws CHANGE_UNDER_WAY (409), and what the tenant's limits throw. */
export async function retryBatch(context: ApiContext, tenant: Tenant, id: string): Promise<Batch> {
  const { batches } = context.store
  const batch = await readBatch(context, tenant, id)
  if (batch.toStop + batch.stopping > 0) {
    throw apiError(
      'CHANGE_UNDER_WAY',
      `The systems of batch ${id} are being stopped; try again when they are`,
    )
  }
  if (batch.wish === 'cancel' && !isBatchDone(batch)) {
    throw apiError('CHANGE_UNDER_WAY', `Batch ${id} is being canceled; try again when it is done`)
  }
  const { failed } = batch.counts
  if (failed === 0) return batch
  await requireRoom(context, tenant, { systems: 0, jobs: failed })
  await batches.fulfil(batch)
  for (let after: number | null = -1; after !== null; ) {
    const page: Awaited<ReturnType<typeof batches.page>> = await batches.page(batch, after, chunk)
    await batches.retry(
      batch,
      page.items.filter(({ state }) => state.status === 'failed'),
    )
    after = page.next
  }
  return readBatch(context, tenant, id)
}
