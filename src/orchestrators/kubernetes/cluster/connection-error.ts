// A request that got no answer, as one TychoError.
import { TychoError, UnavailableError } from '../../../problem.ts'

const timeouts = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])
/** The connection stood and broke: what was asked may have happened. */
const breaks = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_CLOSED',
  'UND_ERR_DESTROYED',
  'UND_ERR_ABORTED',
])

const words: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ETIMEDOUT: 'it does not answer',
}

/**
 * `wait` where no connection can be had (the work may be done when the cluster is back), `retry` where one broke or
 * was too slow. TychoErrors pass unchanged.
 */
export function toConnectionError(error: unknown, server: string): TychoError {
  if (error instanceof TychoError) return error
  const code = codeOf(error)
  if (timeouts.has(code) || isTimeout(error)) {
    return new TychoError('CLUSTER_TIMEOUT', `The cluster at ${server} did not answer in time`, {
      status: 503,
      remedy: 'retry',
      cause: error,
    })
  }
  if (breaks.has(code)) {
    return new TychoError('CLUSTER_CONNECTION_LOST', `The connection to the cluster at ${server} broke`, {
      status: 503,
      remedy: 'retry',
      cause: error,
    })
  }
  const reason =
    words[code] ?? (error instanceof Error && error.message ? error.message : 'the connection failed')
  return new UnavailableError('CLUSTER_UNREACHABLE', `The cluster at ${server} can't be reached: ${reason}`, {
    cause: error,
  })
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

/** The system's or the library's code; where several addresses were tried, that of the first. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if (error === null || typeof error !== 'object') return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : ''
}
