// What the operator's policy file says of tenants themselves: where their systems run, how much they may have, and
// which accounts of the cluster speak for them.
import { type Static, Type } from 'typebox'
import { type Limits, NO_LIMITS, SCOPES, type Scope, TENANT_NAME } from '../system/access.ts'

const strict = { additionalProperties: false }

/** RFC 1123 label. */
const LABEL = '[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?'

const Count = Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]))

const Namespace = Type.String({ pattern: `^${LABEL}$` })

/** What becomes of a batch for which there are not enough node ports. */
export type NodePortRule = 'refuse' | 'ingress'

/**
 * Keys of a rule that are about the tenant and not about its Compose files. `null` takes a limit of `default` away.
 * `namespaces`, instead of `namespace`: batches fill them one after the other, and all else is in the first.
 */
export const tenancyKeys = {
  namespace: Type.Optional(Namespace),
  namespaces: Type.Optional(Type.Array(Namespace, { minItems: 1, uniqueItems: true })),
  whenNodePortsRunOut: Type.Optional(
    Type.Unsafe<NodePortRule>({ type: 'string', enum: ['refuse', 'ingress'] }),
  ),
  limits: Type.Optional(
    Type.Object(
      {
        systems: Count,
        pendingJobs: Count,
        requestsPerMinute: Type.Optional(Type.Union([Type.Integer({ minimum: 1 }), Type.Null()])),
      },
      strict,
    ),
  ),
}

export const TenantName = Type.String({ pattern: TENANT_NAME })

/** A ServiceAccount (`namespace/name`) or all of a namespace (`namespace/*`), and for whom it speaks. */
export const Account = Type.Object(
  {
    account: Type.String({ pattern: `^${LABEL}/([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?|\\*)$` }),
    tenant: TenantName,
    scopes: Type.Array(Type.Unsafe<Scope>({ type: 'string', enum: [...SCOPES] }), { minItems: 1 }),
  },
  strict,
)
export type Account = Static<typeof Account>

type Rule = {
  namespace?: string
  namespaces?: readonly string[]
  whenNodePortsRunOut?: NodePortRule
  limits?: { [Limit in keyof Limits]?: number | null }
}

/** What is said of one tenant; `namespaces` null: the server's own. */
export type Standing = {
  namespaces: readonly string[] | null
  whenNodePortsRunOut: NodePortRule
  limits: Limits
}

export type Tenancy = {
  of(tenant: string): Standing
  /** Every namespace that is named, each once. */
  namespaces: readonly string[]
  /** The account of this name, or else of its whole namespace; undefined where none is named. */
  accountOf(namespace: string, name: string): Account | undefined
  /** Whether any account is named. */
  hasAccounts: boolean
}

const nothingSaid: Standing = { namespaces: null, whenNodePortsRunOut: 'refuse', limits: NO_LIMITS }

/** Where the operator says nothing: one namespace for all, and no limits. */
export const NO_TENANCY: Tenancy = toTenancy({}, {}, [])

export function toTenancy(
  common: Rule,
  tenants: Readonly<Record<string, Rule>>,
  accounts: readonly Account[],
): Tenancy {
  const fallback = toStanding(common, nothingSaid)
  const byTenant = new Map(Object.entries(tenants).map(([name, rule]) => [name, toStanding(rule, fallback)]))
  const byAccount = new Map(accounts.map((one) => [one.account, one]))
  const named = [fallback, ...byTenant.values()].flatMap(({ namespaces }) => namespaces ?? [])
  return {
    of: (tenant) => byTenant.get(tenant) ?? fallback,
    namespaces: [...new Set(named)],
    accountOf: (namespace, name) => byAccount.get(`${namespace}/${name}`) ?? byAccount.get(`${namespace}/*`),
    hasAccounts: accounts.length > 0,
  }
}

function toStanding({ namespace, namespaces, limits = {}, ...rule }: Rule, fallback: Standing): Standing {
  return {
    namespaces: namespaces ?? (namespace === undefined ? fallback.namespaces : [namespace]),
    whenNodePortsRunOut: rule.whenNodePortsRunOut ?? fallback.whenNodePortsRunOut,
    limits: { ...fallback.limits, ...limits },
  }
}
