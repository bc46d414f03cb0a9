// What a batch would need and whether it fits: the request is checked as a launch would be, and nothing is made of it.
import type { Problem } from '../../problem.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import type { ApiContext } from '../context.ts'
import type { BatchRequest } from '../schemas/batch.ts'
import type { BatchPlan } from '../schemas/batch-plan.ts'
import { fullError, roomOf } from '../tenant-room.ts'
import { toSkipped } from './accept.ts'
import { toShownShare } from './batch-view.ts'
import { countItems } from './check-batch.ts'
import { nodeProblems, problem } from './fit.ts'
import { placeBatch } from './place-batch.ts'
import { toShownCapacity, toShownNeeds } from './plan-view.ts'
import { readForPlan } from './read-capacity.ts'
import { toProblem } from './require-places.ts'

/** Throws what `checkBatch` does, and UnavailableError or TychoError where the cluster can't be read. */
export async function planBatch(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
  signal: AbortSignal,
): Promise<BatchPlan> {
  const ofTenant = await tenantProblems(context, tenant, countItems(asked))
  const { checked, needs, capacity, fit } = await placeBatch(
    context,
    tenant,
    asked,
    readForPlan(context, signal),
  )
  if (!capacity) throw new Error('a plan was made without the cluster')
  const ofNodes = nodeProblems(needs, capacity, (await context.store.readReserved()).amounts)
  const skippedItems = toSkipped(asked, checked.bad)
  const lacksPlaces = fit.shortages.length > 0 || fit.spread.left > 0
  return {
    name: checked.draft.name,
    members: checked.members.length,
    exposure: checked.draft.member.exposure,
    needs: toShownNeeds(needs),
    cluster: toShownCapacity(capacity, needs.images),
    fits: !lacksPlaces && ofNodes.length === 0 && ofTenant.length === 0,
    spread: fit.spread.shares.map(toShownShare),
    withoutPlace: fit.spread.left,
    problems: [...ofTenant, ...fit.shortages.map(toProblem), ...fit.problems, ...ofNodes],
    ...(skippedItems.length > 0 && { skippedItems }),
  }
}

/** What its limits would refuse. */
async function tenantProblems(context: ApiContext, tenant: Tenant, wanted: number): Promise<Problem[]> {
  const more = { systems: wanted, jobs: wanted }
  const full = await context.store.readFull(tenant.name, roomOf(context, tenant), more)
  if (!full) return []
  const { code, message } = fullError(full, more)
  return [problem(code, 'error', '', message)]
}
