// A start in the original's words, as a Submission.
import { PLAIN_ORIGIN } from '../../jobs/origin.ts'
import { checkSystemName, isSystemName, toSystemName } from '../../system/names.ts'
import type { SettingsByService } from '../../system/service-settings.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import type { Submission } from '../check-submission.ts'
import type { ApiContext } from '../context.ts'
import type { OriginalStart } from '../schemas/original.ts'
import { containersToCompose } from './containers.ts'

/** Where a Compose file names the account of its pods. */
const EXTENSION = 'x-k8s'

/** Label under which a system keeps the name that was asked for, before any suffix. */
export const appLabel = 'app-id'

/** Throws INVALID_REQUEST unless there is exactly one of `system` and `containers`. */
export function toOriginalSubmission(context: ApiContext, tenant: Tenant, asked: OriginalStart): Submission {
  const name = isSystemName(asked.name) ? asked.name : toSystemName(asked.name)
  if (name === null)
    throw apiError('INVALID_REQUEST', "The name can't be used", { problems: checkSystemName(asked.name) })
  const { exposure, timeoutMs, maxAttempts } = context
  return {
    tenant,
    name,
    compose: withAccount(withPorts(composeOf(asked), asked), asked.serviceaccount),
    env: toEnv(asked.env),
    files: {},
    profiles: null,
    exposure,
    settings: settingsOf(asked),
    labels: { [appLabel]: name },
    principal: usernameOf(asked.principal),
    lifetime: null,
    timeoutMs,
    maxAttempts,
    keepOnFailure: false,
    rollback: false,
    origin: PLAIN_ORIGIN,
    remarks: [],
  }
}

function composeOf({ system, containers }: OriginalStart): Record<string, unknown> {
  if (system && !containers) return system
  if (containers && !system) return containersToCompose(containers)
  throw apiError('INVALID_REQUEST', 'A start takes either system or containers')
}

/** The original published the port that `services` named; a service of the file that has ports keeps them. */
function withPorts(compose: Record<string, unknown>, { services }: OriginalStart): Record<string, unknown> {
  if (!isMap(compose.services)) return compose
  const described = services ?? {}
  const entries = Object.entries(compose.services).map(([name, service]) => {
    const port = Object.hasOwn(described, name) ? described[name]?.port : undefined
    const bare = isMap(service) && service.ports === undefined && port !== undefined && port !== null
    return [name, bare ? { ...service, ports: [String(port)] } : service] as const
  })
  return { ...compose, services: Object.fromEntries(entries) }
}

/** The account of all pods. The file's own word, which is nearer to them, comes first. */
function withAccount(
  compose: Record<string, unknown>,
  account: OriginalStart['serviceaccount'],
): Record<string, unknown> {
  const said = compose[EXTENSION] ?? {}
  if (!account || !isMap(said)) return compose
  return { ...compose, [EXTENSION]: { serviceAccount: account, ...said } }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toEnv(env: OriginalStart['env']): Record<string, string> {
  return Object.fromEntries(Object.entries(env ?? {}).map(([key, value]) => [key, String(value ?? '')]))
}

/** The original's clients send the principal as JSON in a string; a plain name is taken too. */
function usernameOf(principal: OriginalStart['principal']): string | null {
  const known = typeof principal === 'string' ? parsed(principal) : principal
  if (isMap(known)) return typeof known.username === 'string' ? known.username : null
  return typeof known === 'string' && known !== '' ? known : null
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isMap(value) ? value : text
  } catch {
    return text
  }
}

/** The original's word: addresses and networks that alone may reach the service. */
function settingsOf({ services }: OriginalStart): SettingsByService {
  const given = Object.entries(services ?? {}).flatMap(([name, { clients }]) =>
    clients && clients.length > 0 ? [[name, { clients }] as const] : [],
  )
  return Object.fromEntries(given)
}
