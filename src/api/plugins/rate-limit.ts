// How many requests a minute a tenant may make, told in the headers of every answer to it.
//
// @fastify/rate-limit is not used: it answers in the headers of an old draft, and knows no other count than one per route
// or process unless a store of its own is written, which is all of this.
import type { FastifyReply } from 'fastify'
import type { CountRequest } from '../../store/request-counts.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'

const windowSeconds = 60

/**
 * Counts a request. Throws RATE_LIMITED (429). A tenant without a limit costs nothing. Headers:
 * draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4.
 */
export async function countRequest(
  count: CountRequest,
  { name, limits }: Tenant,
  reply: FastifyReply,
): Promise<void> {
  const { requestsPerMinute: limit } = limits
  if (limit === null) return
  const { count: made, leftMs } = await count(name, windowSeconds * 1000)
  const seconds = Math.ceil(leftMs / 1000)
  reply
    .header('ratelimit-policy', `"tenant";q=${limit};w=${windowSeconds}`)
    .header('ratelimit', `"tenant";r=${Math.max(0, limit - made)};t=${seconds}`)
  if (made <= limit) return
  const message = `The tenant may make ${limit} requests a minute; try again in ${seconds} s`
  throw apiError('RATE_LIMITED', message, { retryAfterSeconds: seconds })
}
