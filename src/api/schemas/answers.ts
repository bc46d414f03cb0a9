// The refusals that routes declare.
import { errorCodes } from '../error-codes.ts'
import { ref } from './components.ts'
import type { HttpProblem } from './http-problem.ts'

type Refusal = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 500 | 503

/** Responses for these statuses, and for those that every route of a tenant can have. */
export function refusals<Status extends Refusal>(...statuses: Status[]) {
  const all = [...new Set<Refusal>([...statuses, 401, 403, 500, 503])]
  return Object.fromEntries(all.map((status) => [status, refusal(status)]))
}

function refusal(status: Refusal) {
  const codes = Object.entries(errorCodes).filter(([, row]) => row.status === status)
  return {
    description: codes.map(([code]) => code).join(', '),
    content: { 'application/problem+json': { schema: ref<HttpProblem>('HttpProblem') } },
  }
}
