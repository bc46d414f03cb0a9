// On whose behalf a request is made.
import { allows, type Limits, type Scope } from '../system/access.ts'
import type { NodePortRule, Tenancy } from './tenancy.ts'

/**
 * `name` is the owner of systems and jobs; they run in `namespace`, and the members of batches in all `namespaces`, of
 * which it is the first. `isAdmin`: may see and mend what is nobody's.
 * `caller` says who asks, for the audit: never a token.
 */
export type Tenant = {
  name: string
  namespace: string
  namespaces: readonly string[]
  whenNodePortsRunOut: NodePortRule
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
  const { limits, whenNodePortsRunOut, namespaces: own } = tenancy.of(tenant)
  const namespaces = own ?? [namespace]
  return {
    name: tenant,
    namespace: namespaces[0] ?? namespace,
    namespaces,
    whenNodePortsRunOut,
    isAdmin: allows(scopes, 'admin'),
    scopes,
    caller,
    limits,
  }
}
