// Under which hosts and paths an Ingress serves the published ports of a service.
import { LABEL_MAX, toHostname } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { extensionOf, toExposure, toOpenPorts } from './exposure.ts'
import { KOMPOSE } from './kompose.ts'
import type { PublishedPort } from './ports.ts'

export type Route = { port: PublishedPort; host: string; path: string; tlsSecret: string | null }

/** A host name as the operator's template and the file may give it (RFC 1123); a wildcard is an Ingress' own form. */
const HOST = /^(?:\*\.)?[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/
const HOST_MAX = 253

export function isHost(host: string): boolean {
  return (
    HOST.test(host) && host.length <= HOST_MAX && host.split('.').every((part) => part.length <= LABEL_MAX)
  )
}

/**
 * Nothing for a service of another exposure. A port's own host comes first; the operator's template, and Kompose's
 * label, speak of the first port that has none, and with `{port}` in the template of all.
 */
export function toRoutes(name: string, service: ServiceSpec, context: Context): Route[] {
  if (toExposure(name, service, context) !== 'ingress') return []
  const ports = toOpenPorts(name, service, context).filter(({ spec }) => spec.protocol === 'tcp')
  const bare = ports.filter((port) => extensionOf(port).host === undefined)
  return ports.flatMap((port) => {
    const { host, path, tlsSecret } = extensionOf(port)
    if (host !== undefined) return [{ port, host, path: path ?? '/', tlsSecret: tlsSecret ?? null }]
    return toGivenRoutes(name, service, port, port === bare[0], context)
  })
}

function toGivenRoutes(
  name: string,
  service: ServiceSpec,
  port: PublishedPort,
  isFirst: boolean,
  context: Context,
): Route[] {
  const extension = extensionOf(port)
  const tlsSecret = extension.tlsSecret ?? service.labels[KOMPOSE.tlsSecret] ?? null
  const hosts = toKomposeHosts(service)
  if (isFirst && hosts.length > 0) return hosts.map((host) => ({ port, ...host, tlsSecret }))
  const template = context.ingress.host
  if (template === null || !(isFirst || template.includes('{port}'))) return []
  const host = fill(template, name, port, context)
  return [{ port, host, path: extension.path ?? '/', tlsSecret }]
}

/** `a.com/path, b.com`; `true` leaves the host to the operator. */
function toKomposeHosts({ labels }: ServiceSpec): { host: string; path: string }[] {
  const hosts = (labels[KOMPOSE.expose] ?? '').split(',').map((text) => text.trim())
  const given = hosts.filter((text) => !/^(?:|true|false)$/i.test(text))
  return given.map((text) => {
    const slash = text.indexOf('/')
    return slash < 0 ? { host: text, path: '/' } : { host: text.slice(0, slash), path: text.slice(slash) }
  })
}

function fill(template: string, name: string, port: PublishedPort, { identity }: Context): string {
  const values: Readonly<Record<string, string>> = {
    service: toHostname(name),
    system: identity.name,
    namespace: identity.namespace,
    tenant: identity.tenant,
    port: `${port.port}`,
  }
  return template.replace(/\{([a-z]+)\}/g, (whole, key: string) => values[key] ?? whole)
}
