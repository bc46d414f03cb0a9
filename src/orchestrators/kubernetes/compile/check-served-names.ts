// Names beside the service's own, which a namespace that others use too can't serve.
import type { Problem } from '../../../problem.ts'
import { toHostname } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { leaderOf } from './pod-members.ts'

export function checkServedNames(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  const hostname = toHostname(leaderOf(name, context))
  const others = namesOf(service).filter(([, given]) => given !== name && given !== toHostname(name))
  const links = service.links.filter(({ to, alias }) => alias !== to && alias !== toHostname(to))
  return [
    ...others.map(([key, given]) => notServed(`${path}.${key}`, given, hostname)),
    ...links.map(({ to, alias }) => notServed(`${path}.links`, alias, toHostname(to))),
  ]
}

function namesOf({ containerName, hostname, networks }: ServiceSpec): [key: string, name: string][] {
  return [
    ...(containerName === null ? [] : [['container_name', containerName] as [string, string]]),
    ...(hostname === null ? [] : [['hostname', hostname] as [string, string]]),
    ...Object.entries(networks).flatMap(([network, { aliases }]) =>
      aliases.map((alias): [string, string] => [`networks.${network}.aliases`, alias]),
    ),
  ]
}

function notServed(path: string, given: string, hostname: string): Problem {
  const message = `\`${given}\` does not resolve on Kubernetes: the service is found as \`${hostname}\`.`
  return remark('NAME_NOT_SERVED', path, message)
}
