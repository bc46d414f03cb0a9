// Sends writes as fast as the cluster may be asked, and says so when it has refused one for being too many.
import { TychoError } from '../../../problem.ts'
import type { Client } from './client.ts'
import type { Write } from './resources.ts'
import type { WriteBudget, WriteUse } from './write-budget.ts'

export function createBudgetedWrite(client: Client, budget: WriteBudget, use: WriteUse): Write {
  return async (request, signal) => {
    await budget.take(use, signal)
    try {
      return await client.request(request, signal)
    } catch (error) {
      if (error instanceof TychoError && error.details.statusCode === 429)
        budget.slowDown(error.retryAfterSeconds)
      throw error
    }
  }
}
