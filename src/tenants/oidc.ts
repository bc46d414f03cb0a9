// JWTs of an OpenID Connect issuer: signed by one of its present keys, for this audience, and not expired.
import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { UnavailableError } from '../problem.ts'
import { isTenantName, SCOPES, type Scope } from '../system/access.ts'
import { type Authenticator, expired, invalid, type Verdict } from './verdict.ts'

export type OidcSettings = {
  /** As its tokens name it (`iss`), to the letter. */
  issuer: string
  /** A token must name one of these (`aud`). */
  audiences: readonly string[]
  /** Where its keys are; null: where its discovery document says. */
  jwksUrl: string | null
  /** Claims that say for which tenant a token speaks, and what it may do; a dot leads into an object. */
  tenantClaim: string
  scopesClaim: string
}

/** Only where the issuer signs and everybody may check: with a shared secret, whoever checks could sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']

/** How far the clocks of two machines may be apart, in seconds. */
const clockToleranceSeconds = 30

const fetchMs = 5_000

/** A key that is not known is looked for at the issuer, but not more often than this, in milliseconds. */
const defaultCooldownMs = 5_000

/** Throws UnavailableError (ISSUER_UNAVAILABLE) where the issuer's keys can't be had. */
export function createOidcTokens(
  settings: OidcSettings,
  { cooldownMs = defaultCooldownMs }: { cooldownMs?: number } = {},
): Authenticator {
  const keys = createKeySet(settings, cooldownMs)
  return async (token) => {
    if (issuerOf(token) !== settings.issuer) return { outcome: 'unknown' }
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: settings.issuer,
        audience: [...settings.audiences],
        algorithms,
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'sub'],
      })
      return toVerdict(payload, settings)
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error
      if (error instanceof errors.JWTExpired) return expired('The token has expired')
      return invalid(reasonOf(error))
    }
  }
}

/** Undefined where it is no JWT. Nothing is believed of it yet. */
function issuerOf(token: string): unknown {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}

function createKeySet({ issuer, jwksUrl }: OidcSettings, cooldownMs: number): JWTVerifyGetKey {
  let opening: Promise<JWTVerifyGetKey> | undefined
  const open = async () => {
    const url = new URL(jwksUrl ?? (await discover(issuer)))
    return createRemoteJWKSet(url, { cooldownDuration: cooldownMs, timeoutDuration: fetchMs })
  }
  return async (header, token) => {
    try {
      opening ??= open()
      return await (await opening.catch(forget))(header, token)
    } catch (error) {
      if (aboutToken.some((kind) => error instanceof kind)) throw error
      throw new UnavailableError('ISSUER_UNAVAILABLE', 'The keys of the token issuer can not be had now', {
        cause: error,
      })
    }
  }
  function forget(error: unknown): never {
    opening = undefined
    throw error
  }
}

const aboutToken = [errors.JWKSNoMatchingKey, errors.JWKSMultipleMatchingKeys, errors.JOSENotSupported]

/** OpenID Connect Discovery 1.0, section 4: the document must be the issuer's own. */
async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(fetchMs) })
  if (!answer.ok) throw new Error(`${url} is answered ${answer.status}`)
  const found = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown } | null
  if (found?.issuer !== issuer) throw new Error(`${url} is of another issuer`)
  if (typeof found.jwks_uri !== 'string') throw new Error(`${url} names no jwks_uri`)
  return found.jwks_uri
}

function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The claim ${error.claim} of the token is missing or wrong`
  }
  if (error instanceof errors.JWKSNoMatchingKey)
    return 'The token is signed with a key that its issuer does not have'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The token is signed in a way that is not taken'
  return 'The token is damaged, or its signature is wrong'
}

function toVerdict(payload: JWTPayload, { tenantClaim, scopesClaim }: OidcSettings): Verdict {
  const tenant = claimOf(payload, tenantClaim)
  if (!isTenantName(tenant)) {
    return { outcome: 'homeless', message: `The claim ${tenantClaim} of the token names no tenant` }
  }
  const scopes = toScopes(claimOf(payload, scopesClaim))
  return { outcome: 'identified', identity: { tenant, scopes, caller: `subject:${payload.sub}` } }
}

/** A claim may have dots in its name (`https://tycho.example.org/tenant`), and goes before a path of the same form. */
function claimOf(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name]
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      payload,
    )
}

/** Words with spaces between (RFC 8693, 4.2) or a list of them; `tycho:read` is `read`, and others mean nothing here. */
function toScopes(claim: unknown): Scope[] {
  const words = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return SCOPES.filter((scope) => words.includes(scope) || words.includes(`tycho:${scope}`))
}
