// Who calls: every route of a scope with this hook has a tenant that may do this, or is answered 401 or 403.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TychoError } from '../../problem.ts'
import { allows, type Scope } from '../../system/access.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import type { ApiContext } from '../context.ts'
import { createIdentify, type Identify } from '../identify.ts'
import { countRequest } from './rate-limit.ts'

declare module 'fastify' {
  interface FastifyRequest {
    tenant: Tenant | null
    /** Of an answer that goes on: whether its caller could ask for it now. Throws where nobody can tell. */
    isStillAllowed: (() => Promise<boolean>) | null
  }
  interface FastifyContextConfig {
    /** What a caller must be allowed; left out: `read` for GET, `write` for all else. */
    scope?: Scope
  }
}

/** Adds the hook to the scopes of one application, which know callers together; `tenantOf` then answers in their routes. */
export function createAuthentication(context: ApiContext): (scope: FastifyInstance) => void {
  const identify: Identify = createIdentify(context)
  return (scope) => {
    scope.decorateRequest('tenant', null)
    scope.decorateRequest('isStillAllowed', null)
    scope.addHook('onRequest', async (request, reply) => {
      const tenant = await identify(request)
      request.tenant = tenant
      request.isStillAllowed = () => isAllowedAgain(identify, request, tenant.name)
      await countRequest(context.store.countRequest, request.tenant, reply)
      if (!request.is404) requireScope(request, wantedScope(request))
    })
  }
}

/** Throws what `identify` throws where it does not say that the caller is nobody, or may not call. */
async function isAllowedAgain(identify: Identify, request: FastifyRequest, tenant: string): Promise<boolean> {
  try {
    const now = await identify(request, { isAgain: true })
    return now.name === tenant && allows(now.scopes, wantedScope(request))
  } catch (error) {
    if (error instanceof TychoError && (error.status === 401 || error.status === 403)) return false
    throw error
  }
}

export function tenantOf(request: FastifyRequest): Tenant {
  if (!request.tenant) throw new Error(`${request.routeOptions.url} is outside of every scope with a tenant`)
  return request.tenant
}

export function wantedScope({ method, routeOptions }: FastifyRequest): Scope {
  return routeOptions.config.scope ?? (method === 'GET' || method === 'HEAD' ? 'read' : 'write')
}

function requireScope(request: FastifyRequest, scope: Scope): void {
  const { scopes } = tenantOf(request)
  if (allows(scopes, scope)) return
  const given = scopes.length > 0 ? scopes.join(', ') : 'none'
  const message = `This call needs the scope ${scope}; the caller has ${given}`
  throw apiError('INSUFFICIENT_SCOPE', message, { details: { scope } })
}
