// What a batch would need: the request is checked as a launch would be, and nothing is made of it.
import { type Needs, sumNeeds } from '../../system/needs.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import type { ApiContext } from '../context.ts'
import type { BatchRequest } from '../schemas/batch.ts'
import type { BatchNeeds, BatchPlan } from '../schemas/batch-plan.ts'
import { toSkipped } from './accept.ts'
import { checkBatch } from './check-batch.ts'

/** Throws what `checkBatch` does. */
export async function planBatch(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
): Promise<BatchPlan> {
  const { draft, members, needs, bad } = await checkBatch(context, tenant, asked)
  const skippedItems = toSkipped(asked, bad)
  return {
    name: draft.name,
    members: members.length,
    needs: toShownNeeds(sumNeeds([...needs.values()].map((one) => [one, 1]))),
    problems: [],
    ...(skippedItems.length > 0 && { skippedItems }),
  }
}

function toShownNeeds(needs: Needs): BatchNeeds {
  const { cpuRequests, cpuLimits, memoryRequests, memoryLimits, ...rest } = needs
  return {
    ...rest,
    cpu: { requests: cpuRequests, limits: cpuLimits },
    memory: { requests: memoryRequests, limits: memoryLimits },
  }
}
