// Sends writes as fast as the cluster may be asked, and says so when it has refused one for being too many.
import { TychoError } from '../../../problem.ts'
import type { Client } from './client.ts'
import type { Write } from './resources.ts'
import type { WriteBudget, WriteUse } from './write-budget.ts'
import type { WriteWindow } from './write-window.ts'

/** `budget` is shared by all workers, `window` is this process' own. */
export type Writing = { budget: WriteBudget; window: WriteWindow }

export function createBudgetedWrite(client: Client, { budget, window }: Writing, use: WriteUse): Write {
  return async (request, signal) => {
    await budget.take(use, signal)
    try {
      return await window.run(use, signal, () => client.request(request, signal))
    } catch (error) {
      if (error instanceof TychoError && error.details.statusCode === 429) {
        window.shrink()
        budget.slowDown(error.retryAfterSeconds)
      }
      throw error
    }
  }
}
