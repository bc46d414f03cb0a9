// Finds out who calls, from the `Authorization` of a request.
import type { FastifyRequest } from 'fastify'
import { type TychoError, UnavailableError } from '../problem.ts'
import { createAccountTokens } from '../tenants/account-tokens.ts'
import { createAdminToken, createIssuedTokens } from '../tenants/issued-tokens.ts'
import { isLoopback } from '../tenants/loopback.ts'
import { createOidcTokens } from '../tenants/oidc.ts'
import { type Identity, type Tenant, toTenant } from '../tenants/tenant.ts'
import { hashOf } from '../tenants/token.ts'
import { type Authenticator, firstVerdict, type Verdict } from '../tenants/verdict.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { createFailedLogins } from './plugins/failed-logins.ts'

/** Throws UNAUTHENTICATED, TOKEN_INVALID, TOKEN_EXPIRED (401), NO_TENANT, HOST_NOT_ALLOWED (403), TOO_MANY_FAILURES (429), ISSUER_UNAVAILABLE, TOKEN_REVIEW_UNAVAILABLE (503). */
export type Identify = (request: FastifyRequest, options?: IdentifyOptions) => Promise<Tenant>

/** `isAgain`: the same request is asked about once more, which is no new attempt to guess a token. */
export type IdentifyOptions = { isAgain?: boolean }

/** RFC 6750, section 2.1. */
const bearer = /^bearer +([\w.~+/-]+=*)$/i

export function createIdentify(context: ApiContext): Identify {
  const identifyToken = createIdentifyToken(authenticatorsOf(context))
  const sayAway = createOutageLine(context)
  return async (request, { isAgain = false } = {}) => {
    const { authorization } = request.headers
    if (authorization === undefined) return toTenant(identifyAnonymous(context, request), context)
    const [, token] = bearer.exec(authorization) ?? []
    // What can't be read must not count as none: its sender believes to be somebody.
    if (token === undefined) throw apiError('TOKEN_INVALID', 'Authorization is not of the form: Bearer TOKEN')
    return toTenant(await identifyToken(token, isAgain ? null : request.ip).catch(sayAway), context)
  }
}

function authenticatorsOf(context: ApiContext): Authenticator[] {
  const { adminToken, store, oidc, tenancy, accountAudience, reading } = context
  return [
    createAdminToken(adminToken),
    createIssuedTokens(store.tokens.find),
    ...(oidc ? [createOidcTokens(oidc)] : []),
    createAccountTokens({ tenancy, audience: accountAudience, review: reading.reviewToken }),
  ]
}

/** One line in so many milliseconds says that tokens can't be checked, and what the caller is not told: why. */
const outageLineEveryMs = 10_000

function createOutageLine({ log }: Pick<ApiContext, 'log'>): (error: unknown) => never {
  let saidAt = Number.NEGATIVE_INFINITY
  return (error) => {
    if (error instanceof UnavailableError && Date.now() - saidAt >= outageLineEveryMs) {
      saidAt = Date.now()
      log.warn({ code: error.code, err: error.cause }, 'tokens can not be checked now, and are answered 503')
    }
    throw error
  }
}

/** Tokens that were good lately are looked at even when others of their address have failed too often. */
const maxGood = 10_000

function createIdentifyToken(authenticators: readonly Authenticator[]) {
  const failedLogins = createFailedLogins()
  const good = new Set<string>()
  return async (token: string, address: string | null): Promise<Identity> => {
    const hash = hashOf(token)
    const blockedSeconds = address === null || good.has(hash) ? 0 : failedLogins.blockedSeconds(address)
    if (blockedSeconds > 0) throw tooManyFailures(blockedSeconds)
    const verdict = await firstVerdict(authenticators, token)
    if (verdict.outcome === 'identified') {
      if (good.size >= maxGood) good.clear()
      good.add(hash)
      return verdict.identity
    }
    good.delete(hash)
    if (address !== null) failedLogins.note(address)
    throw refusalOf(verdict)
  }
}

function refusalOf(verdict: Exclude<Verdict, { outcome: 'identified' }>): TychoError {
  switch (verdict.outcome) {
    case 'refused':
      return apiError(verdict.code, verdict.message)
    case 'homeless':
      return apiError('NO_TENANT', verdict.message)
    case 'unknown':
      return apiError('TOKEN_INVALID', 'The token is unknown')
    default:
      return verdict satisfies never
  }
}

function tooManyFailures(seconds: number): TychoError {
  const message = `Too many tokens that are not good came from this address; try again in ${seconds} s`
  return apiError('TOO_MANY_FAILURES', message, { retryAfterSeconds: seconds })
}

/** Only this machine may call without a token: not even through a proxy that runs on it. */
function identifyAnonymous(
  { anonymousTenant }: Pick<ApiContext, 'anonymousTenant'>,
  request: FastifyRequest,
): Identity {
  if (anonymousTenant === null) throw apiError('UNAUTHENTICATED', 'This call needs a token')
  if (!isLoopback(hostNameOf(request))) throw hostNotAllowed(request)
  if (!isLoopback(request.ip)) {
    throw apiError('UNAUTHENTICATED', 'This call needs a token: it does not come from this machine')
  }
  return { tenant: anonymousTenant, scopes: ['admin'], caller: 'anonymous' }
}

/** A page of the web that points its own name at 127.0.0.1 sends that name (DNS rebinding). */
function hostNotAllowed(request: FastifyRequest): TychoError {
  return apiError(
    'HOST_NOT_ALLOWED',
    `Host ${hostNameOf(request)} is no loopback name; call http://127.0.0.1 or localhost, or with a token`,
  )
}

function hostNameOf(request: FastifyRequest): string {
  return (request.headers.host ?? '').replace(/:\d*$/, '')
}
