// Who may do what: scopes, limits, and the record of a token. Pure.

/** From the least to the most; each one may also do what those before it may. */
export const SCOPES = ['read', 'write', 'admin'] as const

export type Scope = (typeof SCOPES)[number]

/** Whether one of the scopes that were given says what is wanted. */
export function allows(given: readonly Scope[], wanted: Scope): boolean {
  return given.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(wanted))
}

/** A tenant's name: it stands in labels, and in keys of the store. */
export const TENANT_NAME = '^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$'

const tenantName = new RegExp(TENANT_NAME)

export function isTenantName(name: unknown): name is string {
  return typeof name === 'string' && tenantName.test(name)
}

/** What one tenant may have or do at a time; null: as much as there is. */
export type Limits = {
  /** Systems that are not ended. */
  systems: number | null
  /** Jobs that are not done. */
  pendingJobs: number | null
  requestsPerMinute: number | null
}

export const NO_LIMITS: Limits = { systems: null, pendingJobs: null, requestsPerMinute: null }

/** A bearer token as it is kept: of its secret only the SHA-256, in hex. Times are milliseconds since the epoch. */
export type TokenRecord = {
  id: string
  secretHash: string
  tenant: string
  scopes: readonly Scope[]
  description: string
  createdAt: number
  /** Null: it is good until it is revoked. */
  expiresAt: number | null
}
