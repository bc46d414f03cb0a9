// How refusals and failures are answered and logged.
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { traceField } from '../../jobs/trace-parent.ts'
import type { TychoError } from '../../problem.ts'
import { apiError } from '../api-error.ts'
import { challengeOf } from '../challenge.ts'
import { errorCodes } from '../error-codes.ts'
import type { HttpProblem } from '../schemas/http-problem.ts'
import type { Shortage } from '../schemas/shortage.ts'
import { toTychoError } from '../to-tycho-error.ts'

/** Writes an error as the body of an answer. */
export type ErrorBody = (error: TychoError, request: FastifyRequest) => { mediaType: string; body: unknown }

/** An outage fails every request: one line in so many milliseconds says it. */
const outageLineEveryMs = 10_000

export function addErrors(app: FastifyInstance, log: FastifyBaseLogger): void {
  const logError = createErrorLog(log)
  app.decorate('logError', logError)
  app.setErrorHandler(createErrorHandler(logError, toHttpProblem))
  app.setNotFoundHandler(routeNotFound)
}

/** 404 for a method and path that no route has; throws, so that the error handler of its scope answers. */
export function routeNotFound(request: FastifyRequest): never {
  throw apiError('ROUTE_NOT_FOUND', `There is no ${request.method} ${pathOf(request)}`)
}

/** A URL that can't be decoded meets no route and no hook. */
export function answerMalformedUrl(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const error = apiError('MALFORMED_URL', "The URL can't be decoded, or a part of it is too long")
  const { mediaType, body } = toHttpProblem(error, request)
  reply.code(error.status).type(mediaType).header('x-request-id', request.id).send(JSON.stringify(body))
}

export function createErrorHandler(logError: ErrorLog, toBody: ErrorBody) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const error = toTychoError(thrown, request)
    logError(error, request)
    const { mediaType, body } = toBody(error, request)
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds)
    const challenge = challengeOf(error)
    if (challenge) reply.header('www-authenticate', challenge)
    return reply.code(error.status).type(mediaType).send(body)
  }
}

const toHttpProblem: ErrorBody = (error, request) => {
  const body: HttpProblem = {
    type: `urn:tycho:error:${error.code}`,
    title: titleOf(error.code),
    status: error.status,
    detail: error.message,
    instance: pathOf(request),
    code: error.code,
    requestId: request.id,
    problems: error.problems,
    ...(Array.isArray(error.details.shortages) && { shortages: error.details.shortages as Shortage[] }),
  }
  return { mediaType: 'application/problem+json', body }
}

function titleOf(code: string): string {
  return Object.entries(errorCodes).find(([known]) => known === code)?.[1].about ?? code
}

/** Without the query, which may hold the values of variables. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? ''
}

export type ErrorLog = (error: TychoError, request: FastifyRequest) => void

function createErrorLog(log: FastifyBaseLogger): ErrorLog {
  let saidAt = Number.NEGATIVE_INFINITY
  return (error, request) => {
    const { id, method } = request
    const line = {
      request: id,
      method,
      path: pathOf(request),
      code: error.code,
      ...traceField(request.span?.traceparent),
    }
    if (error.code === 'REDIS_UNAVAILABLE') {
      if (Date.now() - saidAt < outageLineEveryMs) return
      saidAt = Date.now()
      log.error({ ...line, reason: reasonOf(error) }, 'requests are answered 503: Redis is away')
    } else if (error.code === 'INTERNAL_ERROR') {
      log.error({ ...line, err: error.cause ?? error }, 'request failed')
    } else {
      log.debug({ ...line, detail: error.message }, 'request refused')
    }
  }
}

function reasonOf(error: TychoError): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}

declare module 'fastify' {
  interface FastifyInstance {
    logError: ErrorLog
  }
}
