// Why nothing can be read of a system: there is none, or not yet.
import type { TychoError } from '../problem.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'

/** SYSTEM_NOT_FOUND (404); of a member of a batch that waits for its turn it says where its job is. */
export async function noSystem(
  { store }: Pick<ApiContext, 'store'>,
  tenant: string,
  name: string,
): Promise<TychoError> {
  const waiting = await store.batches.waitingAs(tenant, name)
  if (!waiting) return apiError('SYSTEM_NOT_FOUND', `There is no system ${name}`)
  const { batch, member } = waiting
  const message = `There is no system ${name} yet: it waits for its turn in batch ${batch.id}; its job is /v1/jobs/${member.state.job}`
  return apiError('SYSTEM_NOT_FOUND', message)
}
