// Whether a client takes server-sent events (RFC 9110, 12.5.1).
import type { FastifyRequest } from 'fastify'

/** Without `Accept` it takes anything. A range with the weight 0 is one that it does not take. */
export function acceptsEventStream({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const { accept } = headers
  if (accept === undefined || accept.trim() === '') return true
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const isMeant = type === 'text/event-stream' || type === 'text/*' || type === '*/*'
    return isMeant && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}
