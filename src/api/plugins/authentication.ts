// Who calls: every route of a scope with this hook has a tenant, or is answered 401 or 403.
import { isIPv4 } from 'node:net'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createTenants, type Tenant, type Tenants } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import type { ApiContext } from '../context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    tenant: Tenant | null
  }
}

/** Adds the hook to a scope; `tenantOf` then answers in each of its routes. */
export function addAuthentication(scope: FastifyInstance, context: ApiContext): void {
  const guardsHost = isLoopback(context.host)
  const tenants = createTenants({ ...context, anonymousIsAdmin: guardsHost })
  scope.decorateRequest('tenant', null)
  scope.addHook('onRequest', async (request) => {
    request.tenant = identify(tenants, request)
    if (guardsHost && !isLoopback(hostNameOf(request))) throw hostNotAllowed(request)
  })
}

export function tenantOf(request: FastifyRequest): Tenant {
  if (!request.tenant) throw new Error(`${request.routeOptions.url} is outside of every scope with a tenant`)
  return request.tenant
}

/** Throws ADMIN_ONLY (403). */
export function requireAdmin(request: FastifyRequest): void {
  if (!tenantOf(request).isAdmin) throw apiError('ADMIN_ONLY', 'Only the operator may call this')
}

function identify(tenants: Tenants, request: FastifyRequest): Tenant {
  const identified = tenants.identify(request.headers.authorization)
  switch (identified.outcome) {
    case 'tenant':
      return identified.tenant
    case 'noToken':
      throw apiError(
        'UNAUTHENTICATED',
        'This call needs a token; TYCHO_ANONYMOUS_TENANT is not set on the server',
      )
    case 'unknownToken':
      throw apiError('UNAUTHENTICATED', 'The token is unknown')
    default:
      return identified satisfies never
  }
}

/** A page of the web that points its own name at 127.0.0.1 sends that name (DNS rebinding). */
function hostNotAllowed(request: FastifyRequest) {
  return apiError(
    'HOST_NOT_ALLOWED',
    `Host ${hostNameOf(request)} is no loopback name; call http://127.0.0.1 or localhost`,
  )
}

function hostNameOf(request: FastifyRequest): string {
  return (request.headers.host ?? '').replace(/:\d*$/, '')
}

function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
  if (isIPv4(name)) return name.startsWith('127.')
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost')
}
