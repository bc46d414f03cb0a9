// On whose behalf a request is made.

/** `name` is the owner of systems and jobs; they run in `namespace`. `isAdmin`: may see and mend what is nobody's. */
export type Tenant = { name: string; namespace: string; isAdmin: boolean }

export type Identified =
  | { outcome: 'tenant'; tenant: Tenant }
  | { outcome: 'noToken' }
  | { outcome: 'unknownToken' }

export type Tenants = {
  /** The tenant of a request by its `Authorization` header. */
  identify(authorization: string | undefined): Identified
}

export type TenantsOptions = {
  /** Tenant of calls without a token; null: they are refused. */
  anonymousTenant: string | null
  /** Whether calls without a token are the operator's own: where only this machine can make them. */
  anonymousIsAdmin: boolean
  namespace: string
}

export function createTenants({ anonymousTenant, anonymousIsAdmin, namespace }: TenantsOptions): Tenants {
  return {
    identify(authorization) {
      // A token that nobody issued must not count as none: its sender believes to be somebody.
      if (authorization && /^bearer\b/i.test(authorization)) return { outcome: 'unknownToken' }
      if (anonymousTenant === null) return { outcome: 'noToken' }
      return { outcome: 'tenant', tenant: { name: anonymousTenant, namespace, isAdmin: anonymousIsAdmin } }
    },
  }
}
