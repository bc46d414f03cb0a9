// What went wrong between Tycho and the engine, as one TychoError with a code and something to do.
import { TychoError, UnavailableError } from '../../../problem.ts'

/** The connection stood and broke: what was asked may have happened. */
const breaks = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])

const words: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there. Start Docker, or say in DOCKER_HOST where it is',
  ENOENT: 'there is no such socket. Start Docker, or say in DOCKER_HOST where it is',
  ENOTSOCK: 'that is no socket. Say in DOCKER_HOST where Docker is',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no way to this host',
  ENETUNREACH: 'there is no way to this network',
  ETIMEDOUT: 'it does not answer',
}

/** What the client library throws for an answer that is no success. */
type Refusal = { statusCode: number; json?: unknown; message?: string }

/**
 * `wait` where no connection can be had (the work may be done when the engine is back), `retry` where one broke, was
 * too slow, or the engine failed; else it gives up. TychoErrors pass unchanged. `what`: the request, for a sentence.
 */
export function toEngineError(error: unknown, address: string, what: string): TychoError {
  if (error instanceof TychoError) return error
  if (isRefusal(error)) return toRefused(error, what)
  const code = codeOf(error)
  const options = { cause: error }
  if (isTimeout(error)) {
    const message = `The Docker engine at ${address} did not answer in time (${what})`
    return new TychoError('ENGINE_TIMEOUT', message, { status: 503, remedy: 'retry', ...options })
  }
  if (breaks.has(code)) {
    const message = `The connection to the Docker engine at ${address} broke (${what})`
    return new TychoError('ENGINE_CONNECTION_LOST', message, { status: 503, remedy: 'retry', ...options })
  }
  if (code === 'EACCES' || code === 'EPERM') {
    const todo = 'Add this user to the group `docker`, or start Tycho as one who may use it'
    return new UnavailableError(
      'ENGINE_FORBIDDEN',
      `This user may not use the Docker engine at ${address}. ${todo}`,
      options,
    )
  }
  const reason = words[code] ?? (error instanceof Error && error.message ? error.message : 'it failed')
  const message = `The Docker engine at ${address} can't be reached: ${reason}`
  return new UnavailableError('ENGINE_UNREACHABLE', message, options)
}

function isRefusal(error: unknown): error is Refusal {
  return typeof error === 'object' && error !== null && typeof (error as Refusal).statusCode === 'number'
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function codeOf(error: unknown): string {
  if (error === null || typeof error !== 'object') return ''
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0])
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'cause' in error ? codeOf(error.cause) : ''
}

export const codes = {
  notFound: 'OBJECT_NOT_FOUND',
  conflict: 'OBJECT_CONFLICT',
  invalid: 'OBJECT_INVALID',
} as const

export function hasCode(error: unknown, code: string): error is TychoError {
  return error instanceof TychoError && error.code === code
}

/** The engine's own words, without what was said around them. */
export function wordsOf(error: unknown): string {
  if (error instanceof TychoError && typeof error.details.words === 'string') return error.details.words
  return error instanceof Error ? error.message : String(error)
}

function toRefused(refusal: Refusal, what: string): TychoError {
  const { statusCode } = refusal
  const said = saidBy(refusal)
  const details = { statusCode, words: said }
  const message = `${what}: ${said}`
  if (statusCode === 503 && /not a swarm manager/i.test(said)) return noSwarm()
  if (/no space left on device/i.test(said)) return noSpace(said, details)
  switch (statusCode) {
    case 400:
      return new TychoError(codes.invalid, message, { status: 422, details })
    case 401:
    case 403:
      return new TychoError('FORBIDDEN', message, { status: 403, details })
    case 404:
      return new TychoError(codes.notFound, message, { status: 404, details })
    case 409:
      return new TychoError(codes.conflict, message, { status: 409, details })
    default:
      return new TychoError('ENGINE_ERROR', message, { status: 503, remedy: 'retry', details })
  }
}

function noSwarm(): TychoError {
  const todo = 'Run `docker swarm init` there, or say in DOCKER_HOST where a manager is'
  return new UnavailableError('NO_SWARM', `The Docker engine is no manager of a swarm. ${todo}`)
}

function noSpace(said: string, details: Record<string, unknown>): TychoError {
  const todo = 'make room there (`docker system df` says what takes it)'
  const message = `The Docker engine has no space left: ${said}; ${todo}`
  return new TychoError('NO_SPACE', message, { status: 507, remedy: 'retry', details })
}

/** A proxy in between may answer with text alone; of a stream the library keeps what was said in its own message. */
function saidBy({ statusCode, json, message }: Refusal): string {
  const text = Buffer.isBuffer(json) ? json.toString('utf8') : (json as { message?: unknown } | null)?.message
  const told = typeof text === 'string' ? text : (message ?? '').replace(/^\(HTTP code \d+\) .*? - /, '')
  return told.trim() === '' ? `it answered ${statusCode}` : told.trim()
}
