// The Ingress of a service whose published ports get out by host names.
import type { V1Ingress, V1IngressRule } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { toClientAnnotations } from './clients.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { extensionOf, toExposure, toOpenPorts } from './exposure.ts'
import { type SystemExtension, X_K8S } from './extensions.ts'
import { KOMPOSE } from './kompose.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toOwnName } from './names.ts'
import { toServiceLabels } from './object-labels.ts'
import { isHost, type Route, toRoutes } from './routes.ts'

/** Null for a service of another exposure. All versions from 1.19 on have `networking.k8s.io/v1`. */
export function toIngress(name: string, service: ServiceSpec, context: Context): Manifest | null {
  const routes = toRoutes(name, service, context)
  if (routes.length === 0) return null
  const { identity } = context
  const objectName = toOwnName(identity.name, name, service)
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      ...toMetadata(identity, objectName, toServiceLabels(identity, name)),
      annotations: toClientAnnotations(name, context),
    },
    spec: {
      ingressClassName: toClassNames(service, routes, context)[0],
      tls: toTls(routes),
      rules: toRules(routes, objectName),
    },
  } satisfies V1Ingress
  return toManifest(object, `services.${name}.ports`)
}

/** Those that are asked for, the nearest to the port first; an Ingress has one. */
function toClassNames({ labels }: ServiceSpec, routes: Route[], context: Context): string[] {
  const ofPorts = routes.flatMap(({ port }) => extensionOf(port).ingressClass ?? [])
  if (ofPorts.length > 0) return [...new Set(ofPorts)]
  const ofSystem = context.spec.extensions[X_K8S] as SystemExtension | undefined
  const name = labels[KOMPOSE.ingressClass] ?? ofSystem?.ingressClass ?? context.ingress.className
  return name === null ? [] : [name]
}

function toTls(routes: Route[]) {
  const secrets = [...new Set(routes.flatMap(({ tlsSecret }) => tlsSecret ?? []))]
  if (secrets.length === 0) return undefined
  return secrets.map((secretName) => {
    const hosts = routes.filter(({ tlsSecret }) => tlsSecret === secretName).map(({ host }) => host)
    return { hosts: [...new Set(hosts)], secretName }
  })
}

function toRules(routes: Route[], serviceName: string): V1IngressRule[] {
  const hosts = [...new Set(routes.map(({ host }) => host))]
  return hosts.map((host) => ({
    host,
    http: {
      paths: routes
        .filter((route) => route.host === host)
        .map(({ path, port }) => ({
          path,
          pathType: 'Prefix',
          backend: { service: { name: serviceName, port: { number: port.port } } },
        })),
    },
  }))
}

export function checkIngresses(context: Context): Problem[] {
  const taken = new Map<string, string>()
  return Object.entries(context.spec.services).flatMap(([name, service]) => {
    if (toExposure(name, service, context) !== 'ingress') return checkUnused(name, service, context)
    const routes = toRoutes(name, service, context)
    return [
      ...checkRouted(name, service, routes, context),
      ...routes.flatMap((route) => checkRoute(name, route, taken)),
      ...checkClasses(name, service, routes, context),
    ]
  })
}

/** Ports that no host leads to; what an Ingress serves is HTTP. */
function checkRouted(name: string, service: ServiceSpec, routes: Route[], context: Context): Problem[] {
  const ports = toOpenPorts(name, service, context)
  if (ports.length > 0 && routes.length === 0 && context.ingress.host === null) {
    const message = `No host is known for \`${name}\`: write \`x-k8s: {host: …}\` at a port, ask for another exposure, or have the operator set one for all.`
    return [remark('INGRESS_HOST_UNKNOWN', `services.${name}.ports`, message)]
  }
  const served = new Set(routes.map(({ port }) => port.index))
  return ports
    .filter(({ index }) => !served.has(index))
    .map(({ index, spec }) => {
      const message = `No host leads to ${spec.target}/${spec.protocol}: it is reached inside the cluster only.`
      return remark('PORT_WITHOUT_HOST', `services.${name}.ports[${index}]`, message)
    })
}

function checkRoute(name: string, { port, host, path }: Route, taken: Map<string, string>): Problem[] {
  const at = `services.${name}.ports[${port.index}]`
  if (!isHost(host)) return [remark('INVALID_HOST', at, `\`${host}\` is no name of a host.`)]
  if (!path.startsWith('/'))
    return [remark('INVALID_HOST', at, `The path \`${path}\` does not begin with \`/\`.`)]
  const key = `${host}${path}`
  const first = taken.get(key)
  taken.set(key, first ?? name)
  if (first === undefined) return []
  return [remark('HOST_TWICE', at, `\`${key}\` leads to a port of \`${first}\` already.`)]
}

function checkClasses(name: string, service: ServiceSpec, routes: Route[], context: Context): Problem[] {
  const names = toClassNames(service, routes, context)
  if (names.length < 2) return []
  const message = `The ports of one service are served by one class of Ingress, not by ${names.join(' and ')}.`
  return [remark('INGRESS_CLASSES', `services.${name}.ports`, message)]
}

/** A host is said, but the request asks for another exposure. */
function checkUnused(name: string, service: ServiceSpec, context: Context): Problem[] {
  const exposure = toExposure(name, service, context)
  return toOpenPorts(name, service, context)
    .filter((port) => extensionOf(port).host !== undefined)
    .map(({ index }) => {
      const message = `The exposure \`${exposure}\` has no hosts: \`host\` is not applied.`
      return remark('HOST_IGNORED', `services.${name}.ports[${index}]`, message)
    })
}
