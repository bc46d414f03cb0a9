// What Docker's Compose writes out though the file leaves it to be understood: the default network, names with the
// project's in front, and who waits for whom. `leaveOutImplied` takes it away again when it is read.
import { DOCKERFILE, impliedName, secretTarget } from '../canonical/implied.ts'
import type { Environment } from '../interpolate.ts'
import { escapeDollars } from './escape-dollars.ts'
import type { Plain } from './to-model.ts'

const RESOURCES = ['networks', 'volumes', 'configs', 'secrets'] as const

/** `project` null: no name is known, and none is made from it. */
export type Surroundings = { project: string | null; environment: Environment }

export function fillImplied(model: Plain, { project, environment }: Surroundings): Plain {
  const services = mapValues(mapIn(model, 'services'), (service) => fillService(service, environment))
  const { name: _, services: __, ...others } = model
  const filled: Plain = { ...(project !== null && { name: project }), services, ...others }
  const usesDefault = Object.values(services).some((service) =>
    Object.hasOwn(mapIn(service, 'networks'), 'default'),
  )
  const networks = mapIn(model, 'networks')
  if (usesDefault && !isMap(networks.default)) filled.networks = { ...networks, default: {} }
  for (const section of RESOURCES) {
    if (!isMap(filled[section])) continue
    filled[section] = mapValues(filled[section], (resource, key) => withName(resource, key, project))
  }
  return filled
}

function withName(resource: Plain, key: string, project: string | null): Plain {
  const name = impliedName(key, resource.external === true, project)
  return name === null ? resource : { name, ...resource }
}

function fillService(service: Plain, environment: Environment): Plain {
  const hasNetworks = Object.keys(mapIn(service, 'networks')).length > 0 || service.network_mode !== undefined
  const { depends_on: _, ...others } = service
  const dependencies = { ...impliedDependencies(service), ...mapIn(service, 'depends_on') }
  return {
    ...others,
    ...(Object.keys(dependencies).length > 0 && { depends_on: dependencies }),
    ...(!hasNetworks && { networks: { default: null } }),
    ...(isMap(service.environment) && { environment: passOn(service.environment, environment) }),
    ...(isMap(service.build) && { build: fillBuild(service.build, environment) }),
    ...(Array.isArray(service.ports) && { ports: service.ports.map(fillPort) }),
    ...(Array.isArray(service.secrets) && { secrets: service.secrets.map(fillSecret) }),
  }
}

function fillBuild(build: Plain, environment: Environment): Plain {
  const isInline = build.dockerfile_inline !== undefined
  return {
    ...build,
    ...(!isInline && { dockerfile: build.dockerfile ?? DOCKERFILE }),
    ...(isMap(build.args) && { args: passOn(build.args, environment) }),
  }
}

/** Variables without a value take that of the request, where it has one. */
function passOn(variables: Plain, environment: Environment): Plain {
  const entries = Object.entries(variables).map(([name, value]) => {
    const given = Object.hasOwn(environment, name) ? environment[name] : undefined
    return [name, value === null && given !== undefined ? escapeDollars(given) : value]
  })
  return Object.fromEntries(entries)
}

function fillPort(port: unknown): unknown {
  return isMap(port) ? { mode: 'ingress', protocol: 'tcp', ...port } : port
}

function fillSecret(grant: unknown): unknown {
  return isMap(grant) ? { ...grant, target: grant.target ?? secretTarget(String(grant.source)) } : grant
}

/** Specification, "links", "volumes_from", "network_mode", "ipc", "pid": each names a service that comes first. */
function impliedDependencies(service: Plain): Plain {
  const started = { condition: 'service_started', required: true }
  const restarted = { condition: 'service_started', restart: true, required: true }
  const links = textsIn(service.links).map((link) => link.split(':')[0] ?? '')
  const spaces = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'].flatMap((key) => {
    const match = /^service:(.+)$/.exec(String(service[key] ?? ''))
    return match?.[1] === undefined ? [] : [match[1]]
  })
  const sources = textsIn(service.volumes_from).filter((from) => !from.startsWith('container:'))
  return Object.fromEntries([
    ...sources.map((from) => [from.split(':')[0] ?? '', started]),
    ...[...links, ...spaces].map((name) => [name, restarted]),
  ])
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function mapIn(map: Plain, key: string): Plain {
  const value = map[key]
  return isMap(value) ? value : {}
}

function isMap(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mapValues(map: Plain, change: (value: Plain, key: string) => Plain): Record<string, Plain> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, change(isMap(value) ? value : {}, key)]),
  )
}
