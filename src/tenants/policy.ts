// The operator's policy file: what the systems of which tenant may do. YAML, read once at the start.
import { readFile } from 'node:fs/promises'
import { loadAll } from 'js-yaml'
import { type Static, Type } from 'typebox'
import type { TLocalizedValidationError } from 'typebox/error'
import { Value } from 'typebox/value'
import { TychoError } from '../problem.ts'
import { DEFAULT_SCALE_LIMITS, type ScaleLimits } from '../system/capacity.ts'
import { isNetwork, toCidr } from '../system/network-address.ts'
import {
  DEFAULT_POLICY,
  METADATA_ADDRESSES,
  PERMISSIONS,
  type Permission,
  type Policy,
  type ResourceBounds,
  VOLUME_SIZE,
} from '../system/policy.ts'
import { Account, type Tenancy, TenantName, tenancyKeys, toTenancy } from './tenancy.ts'

const strict = { additionalProperties: false }

const oneOf = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>({ type: 'string', enum: words })

const Bounds = Type.Object(
  {
    cpus: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    memory: Type.Optional(Type.String({ pattern: '^[0-9]+(\\.[0-9]+)?[kKmMgGtT]?[iI]?[bB]?$' })),
  },
  strict,
)

/** What a rule does not say is as in `default`, and there as if there were no file. */
const RuleKeys = Type.Object(
  {
    allow: Type.Optional(Type.Array(oneOf<Permission>(PERMISSIONS))),
    images: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    resources: Type.Optional(
      Type.Object({ default: Type.Optional(Bounds), max: Type.Optional(Bounds) }, strict),
    ),
    volumes: Type.Optional(
      Type.Object(
        {
          size: Type.Optional(Type.String({ pattern: VOLUME_SIZE })),
          storageClass: Type.Optional(Type.String({ minLength: 1 })),
        },
        strict,
      ),
    ),
    network: Type.Optional(oneOf<'open' | 'isolate'>(['open', 'isolate'])),
    serviceAccounts: Type.Optional(Type.Array(Type.String({ minLength: 1 }))),
    ...tenancyKeys,
  },
  strict,
)
type Rule = Static<typeof RuleKeys>

const Rule = Type.Refine(
  RuleKeys,
  ({ namespace, namespaces }) => namespace === undefined || namespaces === undefined,
  () => 'must have either namespace or namespaces',
)

/** `169.254.169.254/32`; what is no network is told by its place, as all that is wrong. */
const Network = Type.Refine(Type.String(), isNetwork, () => 'must be a network such as 169.254.169.254/32')

const Limit = Type.Optional(Type.Integer({ minimum: 0 }))

const ClusterLimits = Type.Object(
  {
    nodePorts: Limit,
    services: Limit,
    servicesPerNamespace: Limit,
    deploymentsPerNamespace: Limit,
    podsPerNamespace: Limit,
  } satisfies Record<keyof ScaleLimits, typeof Limit>,
  strict,
)

/** `metadataAddresses`: networks that no pod of a system reaches; none where the list is empty. */
export const PolicyFile = Type.Object(
  {
    metadataAddresses: Type.Optional(Type.Array(Network)),
    clusterLimits: Type.Optional(ClusterLimits),
    default: Type.Optional(Rule),
    tenants: Type.Optional(Type.Record(TenantName, Rule, strict)),
    accounts: Type.Optional(Type.Array(Account)),
  },
  strict,
)
export type PolicyFile = Static<typeof PolicyFile>

export type Policies = {
  of(tenant: string): Policy
  /** CIDRs that are closed to the pods of all systems. */
  metadataAddresses: readonly string[]
  /** How much the cluster is made for. */
  clusterLimits: ScaleLimits
  tenancy: Tenancy
}

/**
 * `path` null: there is no file. `base`: what holds where the file says nothing. Throws POLICY_INVALID, with every rule
 * that is wrong, and POLICY_UNREADABLE.
 */
export async function readPolicies(path: string | null, base: Policy = DEFAULT_POLICY): Promise<Policies> {
  if (path === null) return toPolicies({}, base)
  try {
    return parsePolicies(await readFile(path, 'utf8'), path, base)
  } catch (error) {
    if (error instanceof TychoError) throw error
    throw new TychoError('POLICY_UNREADABLE', `The policy file ${path} can't be read`, { cause: error })
  }
}

/** `name` stands before each complaint. Throws POLICY_INVALID. */
export function parsePolicies(text: string, name: string, base: Policy = DEFAULT_POLICY): Policies {
  const file = loadYaml(text, name) ?? {}
  const lines = Value.Errors(PolicyFile, file).map(toLine)
  if (lines.length > 0) throw invalid(name, lines)
  return toPolicies(file as PolicyFile, base)
}

function loadYaml(text: string, name: string): unknown {
  try {
    const [file, ...others] = loadAll(text)
    if (others.length > 0) throw new Error('it has several documents')
    return file
  } catch (error) {
    throw invalid(name, [error instanceof Error ? error.message : 'it is no YAML'])
  }
}

function invalid(name: string, lines: readonly string[]): TychoError {
  return new TychoError('POLICY_INVALID', `The policy file ${name} is wrong:\n  ${lines.join('\n  ')}`)
}

function toPolicies(
  { default: common = {}, tenants = {}, accounts = [], ...file }: PolicyFile,
  base: Policy,
): Policies {
  const fallback = toPolicy(common, base)
  const byTenant = new Map(Object.entries(tenants).map(([name, rule]) => [name, toPolicy(rule, fallback)]))
  return {
    of: (tenant) => byTenant.get(tenant) ?? fallback,
    metadataAddresses: file.metadataAddresses?.map(toCidr) ?? METADATA_ADDRESSES,
    clusterLimits: { ...DEFAULT_SCALE_LIMITS, ...file.clusterLimits },
    tenancy: toTenancy(common, tenants, accounts),
  }
}

function toPolicy({ resources, volumes, network, ...rule }: Rule, fallback: Policy): Policy {
  return {
    allow: rule.allow ?? fallback.allow,
    images: rule.images ?? fallback.images,
    resources: {
      default: toBounds(resources?.default, fallback.resources.default),
      max: toBounds(resources?.max, fallback.resources.max),
    },
    volumes: { ...fallback.volumes, ...volumes },
    isolate: network === undefined ? fallback.isolate : network === 'isolate',
    serviceAccounts: rule.serviceAccounts ?? fallback.serviceAccounts,
  }
}

function toBounds({ cpus, memory }: Static<typeof Bounds> = {}, fallback: ResourceBounds): ResourceBounds {
  return {
    cpus: cpus ?? fallback.cpus,
    memoryBytes: memory === undefined ? fallback.memoryBytes : toBytes(memory),
  }
}

/** Units are powers of 1024, as in a Compose file. */
function toBytes(text: string): number {
  const unit = 'kmgt'.indexOf(
    text
      .replace(/[ib]+$/i, '')
      .at(-1)
      ?.toLowerCase() ?? '',
  )
  return Math.round(Number.parseFloat(text) * 1024 ** (unit + 1))
}

/** What is wrong at which key, with the words that it may have. */
function toLine({ instancePath, message, params }: TLocalizedValidationError): string {
  const path = toKeyPath(instancePath) || 'the file'
  if ('additionalProperties' in params) return `${path} has no key ${params.additionalProperties.join(', ')}`
  if ('allowedValues' in params) return `${path} must be one of ${params.allowedValues.join(', ')}`
  return `${path} ${message}`
}

/** `/tenants/class/allow/0` is `tenants.class.allow[0]` (RFC 6901). */
function toKeyPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`))
    .join('')
    .replace(/^\./, '')
}
