// Changes single settings of a system that runs: an update to the spec that it has, with these changed.
import { parseBytes } from '../compose/values/bytes.ts'
import { PLAIN_ORIGIN } from '../jobs/origin.ts'
import type { Problem } from '../problem.ts'
import type { Resources, ServiceSpec, SystemSpec } from '../system/spec.ts'
import { isEnded, type SystemRecord, toLifetime } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { Checked, Submission } from './check-submission.ts'
import type { ApiContext } from './context.ts'
import type { Amounts, ServicePatch, SystemPatch } from './schemas/system-patch.ts'
import { type Submitted, submitChange } from './submit.ts'

/** Throws SYSTEM_NOT_FOUND and COMPOSE_NOT_KEPT (404), INVALID_REQUEST (400), and what `submit` throws. */
export function patchSystem(
  context: ApiContext,
  tenant: Tenant,
  name: string,
  patch: SystemPatch,
): Promise<Submitted> {
  return submitChange(context, name, async () => {
    const system = await context.store.works.system(tenant.name, name)
    if (!system || isEnded(system)) throw apiError('SYSTEM_NOT_FOUND', `There is no system ${name}`)
    const stored = await context.store.contents.get<Omit<Checked, 'name' | 'problems'>>(system.spec)
    if (!stored) {
      const message = `What system ${name} was started from is kept no longer; PUT it again first`
      throw apiError('COMPOSE_NOT_KEPT', message)
    }
    const spec = patched(stored.spec, patch.services ?? {})
    const checked: Checked = { ...stored, name, spec, problems: [] }
    return { submission: toSubmission(context, tenant, system, patch), checked, system }
  })
}

function toSubmission(
  context: ApiContext,
  tenant: Tenant,
  system: SystemRecord,
  { labels = {}, ttlSeconds }: SystemPatch,
): Submission {
  const merged = Object.entries({ ...system.labels, ...labels })
  return {
    tenant,
    name: system.name,
    compose: null,
    env: {},
    files: {},
    profiles: null,
    exposure: system.exposure,
    labels: Object.fromEntries(merged.flatMap(([key, value]) => (value === null ? [] : [[key, value]]))),
    principal: null,
    lifetime: ttlSeconds === undefined ? system.lifetime : toLifetime(ttlMsOf(ttlSeconds), Date.now()),
    timeoutMs: context.timeoutMs,
    maxAttempts: context.maxAttempts,
    keepOnFailure: false,
    rollback: false,
    suspended: system.suspended,
    origin: PLAIN_ORIGIN,
    remarks: [],
  }
}

function ttlMsOf(ttlSeconds: number | null): number | null {
  return ttlSeconds === null ? null : ttlSeconds * 1000
}

function patched(spec: SystemSpec, patches: Record<string, ServicePatch>): SystemSpec {
  const problems: Problem[] = []
  const changed = Object.entries(patches).map(([name, patch]): [string, ServiceSpec | undefined] => {
    const service = Object.hasOwn(spec.services, name) ? spec.services[name] : undefined
    if (!service) problems.push(invalid(`services.${name}`, `The system has no service ${name}`))
    return [name, service && patchedService(name, service, patch, problems)]
  })
  if (problems.length > 0) {
    throw apiError('INVALID_REQUEST', problems[0]?.message ?? 'The request is wrong', { problems })
  }
  const services = { ...spec.services }
  for (const [name, service] of changed) if (service) services[name] = service
  return { ...spec, services }
}

function patchedService(
  name: string,
  service: ServiceSpec,
  { replicas, resources }: ServicePatch,
  problems: Problem[],
): ServiceSpec {
  const path = `services.${name}.resources`
  const limits = withAmounts(service.resources.limits, resources?.limits, `${path}.limits`, problems)
  const reservations = withAmounts(
    service.resources.reservations,
    resources?.reservations,
    `${path}.reservations`,
    problems,
  )
  const above = (['cpus', 'memoryBytes'] as const).filter((key) => isAbove(reservations[key], limits[key]))
  problems.push(
    ...above.map((key) =>
      invalid(path, `${name} would reserve more ${key === 'cpus' ? 'cpus' : 'memory'} than its limit`),
    ),
  )
  return { ...service, replicas: replicas ?? service.replicas, resources: { limits, reservations } }
}

function withAmounts<Of extends Pick<Resources, 'cpus' | 'memoryBytes'>>(
  before: Of,
  { cpus = before.cpus, memory = before.memoryBytes }: Amounts = {},
  path: string,
  problems: Problem[],
): Of {
  const memoryBytes = typeof memory === 'string' ? parseBytes(memory) : memory
  if (memory !== null && memoryBytes === null)
    problems.push(invalid(`${path}.memory`, `${memory} is no size: write it as 512M`))
  return { ...before, cpus, memoryBytes }
}

/** A limit of 0 is none. */
function isAbove(reserved: number | null, limit: number | null): boolean {
  return reserved !== null && limit !== null && limit > 0 && reserved > limit
}

function invalid(path: string, message: string): Problem {
  return { code: 'INVALID_FIELD', severity: 'error', path, message }
}
