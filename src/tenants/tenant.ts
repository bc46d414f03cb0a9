// On whose behalf a request is made.
import { allows, type Limits, type Scope } from '../system/access.ts'
import type { Tenancy } from './tenancy.ts'

/**
 * `name` is the owner of systems and jobs; they run in `namespace`. `isAdmin`: may see and mend what is nobody's.
 * `caller` says who asks, for the audit: never a token.
 */
export type Tenant = {
  name: string
  namespace: string
  isAdmin: boolean
  scopes: readonly Scope[]
  caller: string
  limits: Limits
}

/** Who a caller has shown to be. */
export type Identity = Pick<Tenant, 'scopes' | 'caller'> & { tenant: string }

/** Where tenants live of whom the operator says nothing else. */
export type Placement = { tenancy: Tenancy; namespace: string }

export function toTenant({ tenant, scopes, caller }: Identity, { tenancy, namespace }: Placement): Tenant {
  const standing = tenancy.of(tenant)
  return {
    name: tenant,
    namespace: standing.namespace ?? namespace,
    isAdmin: allows(scopes, 'admin'),
    scopes,
    caller,
    limits: standing.limits,
  }
}
