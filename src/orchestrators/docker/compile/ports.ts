// `ports` and `expose`: which ports of a container the engine publishes, and where.
import type { ServiceSpec } from '../../../system/spec.ts'
import type { ContainerPort } from '../objects.ts'
import { type Context, exposureOf } from './context.ts'

/** Where a port answers that is for the engine's own machine alone. */
export const LOOPBACK = '127.0.0.1'

/** None without a network of the service's own: the machine's has them already, and another's are published there. */
export function toPorts(name: string, service: ServiceSpec, context: Context): ContainerPort[] {
  if (!publishes(service)) return []
  const isInternal = exposureOf(name, context) === 'clusterIP'
  return service.ports.map(({ target, protocol, hostIp, published }) => ({
    containerPort: target,
    protocol,
    hostIp: isInternal ? LOOPBACK : hostIp,
    asked: published,
  }))
}

export function publishes({ namespaces }: ServiceSpec): boolean {
  return namespaces.network === null || namespaces.network.kind === 'own'
}

/** Keys of `ExposedPorts`; undefined where there are none. */
export function toExposed(service: ServiceSpec): Record<string, object> | undefined {
  const ports = [
    ...service.ports.map(({ target, protocol }) => `${target}/${protocol}`),
    ...service.expose.map(({ port, protocol }) => `${port}/${protocol}`),
  ]
  return ports.length > 0 ? Object.fromEntries(ports.map((port) => [port, {}])) : undefined
}
