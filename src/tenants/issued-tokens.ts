// Tokens that Tycho has issued, and the operator's own first one.
import type { TokenRecord } from '../system/access.ts'
import { hasSecret, isOurs, isSameSecret, parseToken } from './token.ts'
import { type Authenticator, expired, invalid } from './verdict.ts'

/** The tenant of the operator's own token. */
export const ADMIN_TENANT = 'admin'

/** Shorter ones can be guessed. */
export const ADMIN_TOKEN_LENGTH = 32

export function createAdminToken(adminToken: string | null): Authenticator {
  return async (token) => {
    if (adminToken === null || !isSameSecret(token, adminToken)) return { outcome: 'unknown' }
    return {
      outcome: 'identified',
      identity: { tenant: ADMIN_TENANT, scopes: ['admin'], caller: 'operator' },
    }
  }
}

/** `find` answers null for a token that does not exist, or was revoked. */
export function createIssuedTokens(find: (id: string) => Promise<TokenRecord | null>): Authenticator {
  return async (token) => {
    if (!isOurs(token)) return { outcome: 'unknown' }
    const parts = parseToken(token)
    if (!parts) return invalid('The token is cut short or damaged')
    const record = await find(parts.id)
    // The same words for both: who guesses at ids learns nothing.
    if (!record || !hasSecret(record, parts.secret)) return invalid('The token is unknown or was revoked')
    if (record.expiresAt !== null && record.expiresAt <= Date.now()) return expired('The token has expired')
    const { tenant, scopes, id } = record
    return { outcome: 'identified', identity: { tenant, scopes, caller: `token:${id}` } }
  }
}
