// The original's list of containers as a Compose file.
import { literal } from '../literal.ts'
import type { OriginalContainer } from '../schemas/original.ts'

/** Each container becomes a service of its name. */
export function containersToCompose(containers: readonly OriginalContainer[]): Record<string, unknown> {
  return {
    services: Object.fromEntries(containers.map((container) => [container.name, toService(container)])),
  }
}

/** The original gave `command` to Kubernetes as it was: there it replaces the image's entrypoint. */
function toService(container: OriginalContainer): Record<string, unknown> {
  const { image, command, ports } = container
  const environment = toEnvironment(container.env)
  const limits = toLimits(container.limits)
  return {
    image: literal(image),
    ...(command && command.length > 0 && { entrypoint: [command].flat().map(literal) }),
    ...(environment && { environment }),
    ...(limits && { deploy: { resources: { limits } } }),
    ...(ports && ports.length > 0 && { ports: ports.map(toPort) }),
  }
}

function toEnvironment(env: OriginalContainer['env']): Record<string, string> | null {
  if (!env) return null
  const pairs = Array.isArray(env) ? env.map(toPair) : Object.entries(env)
  return Object.fromEntries(pairs.map(([key, value]) => [key, literal(String(value ?? ''))]))
}

function toPair(entry: string | { name: string; value: unknown }): [string, unknown] {
  if (typeof entry !== 'string') return [entry.name, entry.value]
  const at = entry.indexOf('=')
  return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)]
}

function toLimits(limits: OriginalContainer['limits']): Record<string, string> | null {
  const { cpus, memory } = (Array.isArray(limits) ? limits[0] : limits) ?? {}
  if (cpus === undefined && memory === undefined) return null
  return {
    ...(cpus !== undefined && cpus !== null && { cpus: String(cpus) }),
    ...(memory && { memory }),
  }
}

function toPort(port: NonNullable<OriginalContainer['ports']>[number]): string {
  if (typeof port !== 'object') return String(port)
  return `${port.containerPort}${port.protocol ? `/${port.protocol.toLowerCase()}` : ''}`
}
