// Whatever a request ended with, as an error of the catalogue.
import type { FastifyRequest } from 'fastify'
import { TychoError, UnavailableError } from '../problem.ts'
import { isStoreOutage } from '../store/outage.ts'
import { apiError } from './api-error.ts'
import { composeTooLarge } from './check-submission.ts'
import { type ErrorCode, errorCodes } from './error-codes.ts'
import { FailedJob } from './original/failed-job.ts'
import { validationError } from './validation-problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Longest Compose text that the route takes; its body limit is beyond that, for JSON escapes some characters. */
    composeLimitBytes?: number
    filesLimitBytes?: number
  }
}

export function toTychoError(error: unknown, request: FastifyRequest): TychoError {
  if (error instanceof TychoError) return ofTycho(error)
  if (isStoreOutage(error)) {
    return new UnavailableError('REDIS_UNAVAILABLE', 'Redis is away; try again soon', { cause: error })
  }
  return ofFastify(error, request) ?? internalError(error, request)
}

/** Seconds after which a reading of the cluster that failed may be tried again. */
const readAgainSeconds = 5

/**
 * What a job failed of keeps its own code. Anything else that is not in the catalogue comes from the cluster, which was
 * read for this request: that is no defect of the server, whatever status the error brings.
 */
function ofTycho(error: TychoError): TychoError {
  if (error instanceof FailedJob) return error
  const { code, message, problems, retryAfterSeconds } = error
  const known = Object.entries(errorCodes).find(([one]) => one === code)?.[1]
  if (known?.status === error.status) return error
  const status = 503
  const options = { status, problems, retryAfterSeconds: retryAfterSeconds ?? readAgainSeconds, cause: error }
  if (known?.status === status) return new TychoError(code, message, options)
  return new TychoError('CLUSTER_REFUSED' satisfies ErrorCode, `${code}: ${message}`, options)
}

function internalError(cause: unknown, request: FastifyRequest): TychoError {
  return apiError('INTERNAL_ERROR', `This is a defect of the server; its log has request ${request.id}`, {
    cause,
  })
}

function ofFastify(error: unknown, request: FastifyRequest): TychoError | null {
  if (!(error instanceof Error) || !('statusCode' in error)) return null
  if ('validation' in error && Array.isArray(error.validation)) {
    const part = 'validationContext' in error ? String(error.validationContext) : 'request'
    return validationError(error.validation, part)
  }
  switch (error.statusCode) {
    case 400:
      return apiError('MALFORMED_BODY', `The body can't be read: ${error.message}`)
    case 413:
      return bodyTooLarge(request)
    case 415:
      return apiError('UNSUPPORTED_MEDIA_TYPE', unsupportedMedia(request))
    default:
      return null
  }
}

/** Of a body that was not read to its end it can't be told which part of it is too long. */
function bodyTooLarge(request: FastifyRequest): TychoError {
  const { config, bodyLimit } = request.routeOptions
  const { composeLimitBytes, filesLimitBytes } = config
  const isYaml = request.headers['content-type']?.startsWith('application/yaml')
  if (composeLimitBytes === undefined) {
    return apiError('BODY_TOO_LARGE', `The body may have ${bodyLimit} bytes; this one is longer`)
  }
  if (filesLimitBytes === undefined || isYaml) return composeTooLarge(composeLimitBytes)
  const parts = `a Compose text ${composeLimitBytes} bytes, the files together ${filesLimitBytes}`
  return apiError('BODY_TOO_LARGE', `The body may have ${bodyLimit} bytes (${parts}); this one is longer`)
}

function unsupportedMedia(request: FastifyRequest): string {
  const given = request.headers['content-type']
  const { content } = (request.routeOptions.schema?.body ?? {}) as { content?: object }
  const takes = Object.keys(content ?? { 'application/json': true }).join(' or ')
  return `${given ? `Content-Type ${given}` : 'A body without Content-Type'} is not taken here; send ${takes}`
}
