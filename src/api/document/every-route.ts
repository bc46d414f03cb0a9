// What every route of a tenant does, said in its schema: it refuses query parameters that it does not know, and bodies
// that can't be read.
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { Type } from 'typebox'
import type { Scope } from '../../system/access.ts'
import { refusal } from '../schemas/answers.ts'
import { ref } from '../schemas/components.ts'
import type { OriginalError } from '../schemas/original.ts'

const noQuery = Type.Object({}, { additionalProperties: false })

/** Methods with which Fastify reads a body, whether the route takes one or not. */
const readsBody = ['POST', 'PUT', 'PATCH', 'DELETE']

/** Registered before the documentation and the routes. */
export function addToEveryRoute(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!isTenants(route) || route.schema?.hide) return
    const { response = {}, ...schema } = (route.schema ?? {}) as FastifySchema & { response?: object }
    route.schema = {
      ...schema,
      querystring: schema.querystring ?? noQuery,
      // Without a token where the operator has named a tenant for such calls.
      security: [{ bearer: [scopeOf(route)] }, {}],
      response: { ...common(route), ...response },
    }
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

/** A route that says more of one of these statuses is left its word. */
function common({ url, method }: RouteOptions): Record<number, unknown> {
  const statuses = [400, 401, 403, 429, 500, 503] as const
  const hasBody = [method].flat().some((one) => readsBody.includes(one))
  const all = hasBody ? [...statuses, 413 as const, 415 as const] : statuses
  const refused = ref<OriginalError>('OriginalError', 'Refused: why')
  return Object.fromEntries(all.map((status) => [status, isOriginal(url) ? refused : refusal(status)]))
}
