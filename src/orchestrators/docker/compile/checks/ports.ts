// What can't be said, or is said differently, of `ports` on an engine.
import type { Problem } from '../../../../problem.ts'
import { networksOf } from '../../../../system/networks.ts'
import type { PortSpec, ServiceSpec } from '../../../../system/spec.ts'
import { type Context, exposureOf } from '../context.ts'
import { remark } from '../dispositions.ts'
import { publishes } from '../ports.ts'

export function checkPorts(name: string, service: ServiceSpec, context: Context): Problem[] {
  if (service.ports.length === 0) return []
  const path = `services.${name}.ports`
  if (!publishes(service)) return checkMode(name, service)
  return [
    ...checkInternal(path, name, service, context),
    ...checkExposure(path, name, context),
    ...checkClients(path, name, context),
    ...service.ports.flatMap((port, at) => checkCopies(`${path}[${at}]`, port, service)),
    ...checkTwice(name, service, context),
  ]
}

/** Another's network, or the machine's, has no ports of this container (specification, "ports"). */
export function checkMode(name: string, { namespaces, ports }: ServiceSpec): Problem[] {
  const path = `services.${name}.ports`
  const { network } = namespaces
  switch (network?.kind) {
    case 'host': {
      const message = `\`${name}\` has the network of the machine, and its ports with it: remove \`ports\`.`
      return [remark('PORTS_OF_HOST', path, message)]
    }
    case 'service': {
      const message = `\`${name}\` has the network of \`${network.service}\`: publish its ports there.`
      return [remark('PORTS_OF_OTHER', path, message)]
    }
    case 'none':
      return ports.map(({ target }, at) => {
        const message = `\`${name}\` has no network, so nobody reaches port ${target}.`
        return remark('PORT_NOT_EXPOSED', `${path}[${at}]`, message)
      })
    default:
      return []
  }
}

function checkInternal(path: string, name: string, service: ServiceSpec, { spec }: Context): Problem[] {
  const networks = networksOf(service)
  if (!networks.every((key) => spec.networks[key]?.internal)) return []
  const message = `\`${name}\` is on internal networks alone, so the engine publishes none of its ports: put it on another one too.`
  return [remark('PORT_NOT_EXPOSED', path, message)]
}

function checkExposure(path: string, name: string, context: Context): Problem[] {
  const exposure = exposureOf(name, context)
  switch (exposure) {
    case 'nodePort':
      return []
    case 'loadBalancer': {
      const message = `An engine has no load balancer: \`${name}\` is reached at ports of the machine.`
      return [remark('PORT_OF_MACHINE', path, message)]
    }
    case 'clusterIP': {
      const message = `\`${name}\` is reached from the engine's own machine alone, at 127.0.0.1.`
      return [remark('PORT_ON_LOOPBACK', path, message)]
    }
    case 'ingress': {
      const message = `An engine has no Ingress: \`${name}\` is reached at ports of the machine, and by no host name.`
      return [remark('PORT_WITHOUT_HOST', path, message)]
    }
    default:
      return exposure satisfies never
  }
}

/** A promise to keep others out is kept, or not given. */
export function checkClients(path: string, name: string, context: Context): Problem[] {
  const clients = context.settings[name]?.clients ?? []
  if (clients.length === 0 || exposureOf(name, context) === 'clusterIP') return []
  const message = `An engine lets everybody reach a published port: leave \`clients\` of \`${name}\` out, or its exposure be \`clusterIP\`.`
  return [remark('CLIENTS_NOT_KEPT', path, message)]
}

function checkCopies(path: string, { published, target }: PortSpec, { replicas }: ServiceSpec): Problem[] {
  if (!published || published.to - published.from + 1 >= replicas) return []
  const message = `Every copy has a port of its own for ${target}: those for whom there is none of the asked ones get another.`
  return [remark('PORT_OF_ONE_COPY', path, message)]
}

/** Of the whole system: the first in the file gets it. */
function checkTwice(name: string, service: ServiceSpec, { spec }: Context): Problem[] {
  const all = Object.entries(spec.services).flatMap(([owner, one]) =>
    publishes(one) ? one.ports.map((port, at) => ({ owner, at, port })) : [],
  )
  return service.ports.flatMap((port, at) => {
    const { published } = port
    if (!published || published.from !== published.to) return []
    const first = all.find((other) => isSame(other.port, port))
    if (!first || (first.owner === name && first.at === at)) return []
    const message = `Port ${published.from} is asked for by \`${first.owner}\` already: this one gets another.`
    return [remark('PORT_PUBLISHED_TWICE', `services.${name}.ports[${at}]`, message)]
  })
}

function isSame(one: PortSpec, other: PortSpec): boolean {
  return (
    one.published?.from === other.published?.from &&
    one.published?.to === other.published?.to &&
    one.protocol === other.protocol &&
    (one.hostIp ?? null) === (other.hostIp ?? null)
  )
}
