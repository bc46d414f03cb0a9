// What the containers of a system say, as lines of text, with what the system keeps secret masked.
import type { LogLine, LogOptions } from '../orchestrators/orchestrator.ts'
import { TychoError, UnavailableError } from '../problem.ts'
import { createMasker, secretValuesOf } from '../system/secret-values.ts'
import type { ServiceSpec, SystemSpec } from '../system/spec.ts'
import { identityOf, isEnded, type SystemRecord } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { noSystem } from './no-system.ts'

/** Times are milliseconds since the epoch; null: no limit. */
export type LogWish = { service: string | null; tail: number | null; since: number | null; follow: boolean }

/** Characters of a line; the rest is left out, and so is a secret that is cut in two far behind. */
const longestLine = 16 * 1024

const retryAfterSeconds = 5

/**
 * The lines, each with its end. With `follow` they go on until `signal` aborts or nothing of the system is left to say
 * anything. Throws before the first line SYSTEM_NOT_FOUND, SERVICE_NOT_FOUND and NO_LOGS (404), LOGS_FORBIDDEN (403),
 * CLUSTER_UNAVAILABLE (503).
 */
export async function readLogs(
  context: ApiContext,
  tenant: Tenant,
  name: string,
  wish: LogWish,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  const system = await readSystem(context, tenant, name, wish.service)
  const watching = await watchSystem(context, system, signal)
  try {
    const follow = wish.follow ? { last: watching.last } : null
    const lines = await open(context, system, { ...wish, follow }, signal)
    if (!lines) throw apiError('NO_LOGS', nothingSaid(system, wish.service))
    return toText(lines, watching, isPrefixed(system, watching.services(), wish.service), signal)
  } catch (error) {
    watching.stop()
    throw error
  }
}

async function readSystem(
  context: ApiContext,
  tenant: Tenant,
  name: string,
  service: string | null,
): Promise<SystemRecord> {
  const system = await context.store.works.system(tenant.name, name)
  if (!system) throw await noSystem(context, tenant.name, name)
  if (isEnded(system)) {
    throw apiError('SYSTEM_NOT_FOUND', `System ${name} is ${system.phase}: its logs went with its containers`)
  }
  const services = Object.keys(system.services)
  if (service === null || services.includes(service)) return system
  throw apiError(
    'SERVICE_NOT_FOUND',
    `System ${name} has no service ${service}; it has ${services.join(', ')}`,
  )
}

/** An account that may not read logs, and a cluster that is away, are the operator's to mend. */
async function open(
  { reading }: ApiContext,
  system: SystemRecord,
  options: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<LogLine> | null> {
  try {
    return await reading.logs(identityOf(system), options, signal)
  } catch (error) {
    if (!(error instanceof TychoError)) throw error
    const { message, cause } = error
    if (error.status === 403) throw apiError('LOGS_FORBIDDEN', message, { cause })
    const seconds = error.retryAfterSeconds ?? retryAfterSeconds
    if (error instanceof UnavailableError || error.status === 503)
      throw apiError('CLUSTER_UNAVAILABLE', message, { cause, retryAfterSeconds: seconds })
    throw error
  }
}

function nothingSaid({ name, phase }: SystemRecord, service: string | null): string {
  const what = service === null ? `system ${name}` : `service ${service} of system ${name}`
  return `No container of ${what} has run yet, or is there any more: the system is ${phase}. With follow=true the answer waits for one`
}

type Watching = {
  /** Aborts when nothing new will be said. */
  last: AbortSignal
  mask: (text: string) => string
  services: () => Readonly<Record<string, ServiceSpec>>
  stop: () => void
}

/** Follows what is secret in a system, and whether it goes on, over its changes. */
async function watchSystem(
  { store, log }: ApiContext,
  first: SystemRecord,
  signal: AbortSignal,
): Promise<Watching> {
  const { tenant, name, sid } = first
  const ended = new AbortController()
  const known = new Map<string, SystemSpec>()
  let mask = createMasker([])
  const learn = async (system: SystemRecord) => {
    const { spec, applied, lastGood } = system
    for (const key of [spec, applied?.spec, lastGood?.spec]) {
      const stored = key && !known.has(key) ? await store.contents.get<{ spec: SystemSpec }>(key) : null
      if (key && stored) known.set(key, stored.spec)
    }
    mask = createMasker([...new Set([...known.values()].flatMap(secretValuesOf))])
    if (system.phase === 'completed') ended.abort()
  }
  const look = async () => {
    const system = await store.works.system(tenant, name)
    if (system?.sid !== sid || isEnded(system)) ended.abort()
    else await learn(system)
  }
  const onChange = () => {
    look().catch((error: unknown) =>
      log.debug({ err: error }, 'could not look at a system whose logs are read'),
    )
  }
  const stops = [store.changes.onSystem({ tenant, name }, onChange), store.changes.onMissed(onChange)]
  const stop = () => {
    for (const one of stops) one()
  }
  signal.addEventListener('abort', stop, { once: true })
  await learn(first)
  return {
    last: ended.signal,
    mask: (text) => mask(text),
    services: () => known.get(first.spec)?.services ?? {},
    stop,
  }
}

/** Whether lines of several containers can come together; so it is the same from the first line to the last. */
function isPrefixed(
  system: SystemRecord,
  specs: Readonly<Record<string, ServiceSpec>>,
  service: string | null,
): boolean {
  const names = service === null ? Object.keys(system.services) : [service]
  if (names.length > 1) return true
  const spec = specs[names[0] ?? '']
  return spec !== undefined && (spec.replicas > 1 || spec.deploy.mode === 'global')
}

async function* toText(
  lines: AsyncIterable<LogLine>,
  { mask, stop }: Watching,
  prefixed: boolean,
  signal: AbortSignal,
): AsyncGenerator<string> {
  try {
    for await (const { service, copy, text } of lines) {
      const masked = mask(text)
      const shown = masked.length > longestLine ? `${masked.slice(0, longestLine)}…` : masked
      yield prefixed ? `${service}/${copy} | ${shown}\n` : `${shown}\n`
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    stop()
  }
}
