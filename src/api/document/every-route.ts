// What every route of a tenant does, said in its schema: it refuses query parameters that it does not know, bodies that
// can't be read, and whoever may not call. With what the route says of itself this is all that it can refuse with.
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { Type } from 'typebox'
import type { Scope } from '../../system/access.ts'
import type { ErrorCode } from '../error-codes.ts'
import { isRefused, type Refused, refusals } from '../schemas/refusals.ts'
import { envelopeAnswer, problemAnswer } from './refusal-answers.ts'

const noQuery = Type.Object({}, { additionalProperties: false })

/** Methods with which Fastify reads a body, whether the route takes one or not. */
const readsBody = ['POST', 'PUT', 'PATCH', 'DELETE']

type Schema = Omit<FastifySchema, 'response'> & { response?: Record<string, unknown> }

/** Registered before the documentation and the routes. */
export function addToEveryRoute(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { response = {}, ...schema } = (route.schema ?? {}) as Schema
    if (schema.hide) return
    route.schema = isTenants(route)
      ? {
          ...schema,
          querystring: schema.querystring ?? noQuery,
          // Without a token where the operator has named a tenant for such calls.
          security: [{ bearer: [scopeOf(route)] }, {}],
          response: answersOf(route, response),
        }
      : { ...schema, response: written(route, response) }
  })
}

/** The scope that the caller's token must have. */
function scopeOf({ method, config }: RouteOptions): Scope {
  return config?.scope ?? ([method].flat().every((one) => one === 'GET' || one === 'HEAD') ? 'read' : 'write')
}

function isTenants({ url }: RouteOptions): boolean {
  return url.startsWith('/v1/') || isOriginal(url)
}

function isOriginal(url: string): boolean {
  return url.startsWith('/system/')
}

/** A status of which a route gives the whole answer itself is left to it. */
function answersOf(route: RouteOptions, response: Record<string, unknown>): Record<string, unknown> {
  const own = Object.values(response).flatMap((one) => (isRefused(one) ? one.refused : []))
  const all = refusals(...new Set([...common, ...ofRoute(route), ...own, ...ofKey(route)]))
  const whole = Object.entries(response).filter(([, one]) => !isRefused(one))
  return written(route, { ...all, ...Object.fromEntries(whole) })
}

/** Of whoever calls, and of the server. */
const common: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'UNAUTHENTICATED',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'INSUFFICIENT_SCOPE',
  'NO_TENANT',
  'HOST_NOT_ALLOWED',
  'RATE_LIMITED',
  'TOO_MANY_FAILURES',
  'INTERNAL_ERROR',
  'REDIS_UNAVAILABLE',
  'ISSUER_UNAVAILABLE',
  'TOKEN_REVIEW_UNAVAILABLE',
]

function ofRoute({ method, url, config = {} }: RouteOptions): ErrorCode[] {
  const { composeLimitBytes, filesLimitBytes } = config
  const hasBody = [method].flat().some((one) => readsBody.includes(one))
  // Of a body that is a Compose text and hardly more it is told which part of it is too long.
  const isComposeAlone = composeLimitBytes !== undefined && filesLimitBytes === undefined
  return [
    ...(url.includes('/:') ? (['MALFORMED_URL'] as const) : []),
    ...(hasBody ? (['MALFORMED_BODY', 'UNSUPPORTED_MEDIA_TYPE'] as const) : []),
    ...(hasBody && !isComposeAlone ? (['BODY_TOO_LARGE'] as const) : []),
    ...(composeLimitBytes === undefined ? [] : (['COMPOSE_TOO_LARGE'] as const)),
    ...(filesLimitBytes === undefined ? [] : (['FILES_TOO_LARGE'] as const)),
  ]
}

/** Of a route that honours an `Idempotency-Key`. */
function ofKey({ schema }: RouteOptions): ErrorCode[] {
  const { properties = {} } = (schema?.headers ?? {}) as { properties?: object }
  return 'idempotency-key' in properties ? ['IDEMPOTENCY_KEY_REUSED', 'CONTENDED'] : []
}

function written({ url }: RouteOptions, response: Record<string, unknown>): Record<string, unknown> {
  const answer = ({ refused }: Refused) =>
    isOriginal(url) ? envelopeAnswer(refused) : problemAnswer(refused)
  return Object.fromEntries(
    Object.entries(response).map(([status, one]) => [status, isRefused(one) ? answer(one) : one]),
  )
}
