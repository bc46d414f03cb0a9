// What can't be done, or is done otherwise, on a swarm than on one engine.
import type { Problem } from '../../../../problem.ts'
import type { SecurityOption } from '../../../../system/process.ts'
import type { PortSpec, ServiceSpec } from '../../../../system/spec.ts'
import { isHostPath, isRootText, permissionOf, refusalsOf, refuse } from '../../../shared/policy.ts'
import { isLoose, textOf, toProtection } from '../../../shared/protections.ts'
import { SAFE_SYSCTLS } from '../../../shared/safe-sysctls.ts'
import { checkClients, checkMode } from '../../compile/checks/ports.ts'
import { type Context, exposureOf } from '../../compile/context.ts'
import { publishes } from '../../compile/ports.ts'
import { speaks } from '../../facts.ts'
import { PROFILES_MINOR } from './container-spec.ts'
import { remark } from './dispositions.ts'
import { hasOneCopyPerNode, isLoopback, isMeshed } from './ports.ts'

export function checkImage(name: string, { build, image }: ServiceSpec): Problem[] {
  if (!build) return []
  const path = `services.${name}.build`
  if (image !== '')
    return [remark('NOT_BUILT_HERE', path, `\`${image}\` is pulled by the nodes, not built here.`)]
  const message = `The nodes of a swarm take images from a registry: build that of \`${name}\`, push it, and name it in \`image\`.`
  return [remark('IMAGE_REQUIRED', path, message)]
}

export function checkRights(name: string, service: ServiceSpec, { policy, facts }: Context): Problem[] {
  const path = `services.${name}`
  const steps = service.hooks.preStart.map(({ image }, at) => ({
    path: `${path}.pre_start[${at}].image`,
    image: image ?? '',
  }))
  const refusals = [
    // What is privileged is no service at all.
    ...refusalsOf(path, service, policy, [{ path: `${path}.image`, image: service.image }, ...steps]).filter(
      ({ path: at }) => at !== `${path}.privileged`,
    ),
    ...Object.keys(service.sysctls)
      .filter((key) => !SAFE_SYSCTLS.has(key) && !policy.allow.includes('unsafe_sysctls'))
      .map((key) => refuse(`${path}.sysctls.${key}`, `\`${key}\` reaches beyond the container`)),
    ...service.hooks.preStart.flatMap(({ user }, at) =>
      user !== null && isRootText(user) && !policy.allow.includes('root')
        ? [refuse(`${path}.pre_start[${at}].user`, 'The user root has rights over the machine')]
        : [],
    ),
  ]
  return [
    ...refusals.map(({ code, path: at, message }) => remark(code, at, message)),
    ...service.security.options.flatMap((option, at) =>
      checkOption(
        `${path}.security_opt[${at}]`,
        option,
        policy.allow.includes('unconfined'),
        speaks(facts, PROFILES_MINOR),
      ),
    ),
    ...checkNetworkMode(path, service, policy.allow.includes('host_network')),
    ...checkPrivilegedSteps(path, service),
  ]
}

function checkPrivilegedSteps(path: string, { hooks }: ServiceSpec): Problem[] {
  return hooks.preStart.flatMap(({ privileged }, at) => {
    if (!privileged) return []
    const message = '`privileged` has no field in a service of a swarm: remove it.'
    return [remark('NOT_ON_SWARM', `${path}.pre_start[${at}].privileged`, message)]
  })
}

function checkOption(
  path: string,
  option: SecurityOption,
  mayLoosen: boolean,
  hasProfiles: boolean,
): Problem[] {
  const protection = toProtection(option)
  const isNamed = protection && 'profile' in protection && protection.profile.type === 'Localhost'
  if (!protection || protection.of === 'paths' || isNamed) {
    const message = `A swarm has nothing that \`${textOf(option)}\` could mean: remove it.`
    return [remark('NOT_ON_SWARM', path, message)]
  }
  if (isLoose(protection) && !mayLoosen) {
    const { code, message } = refuse(path, `\`${textOf(option)}\` gives up a protection`)
    return [remark(code, path, message)]
  }
  if (protection.of === 'selinux' || hasProfiles) return []
  const message = `\`${textOf(option)}\` needs an engine of API 1.${PROFILES_MINOR}: it is not applied.`
  return [remark('NOT_APPLIED', path, message)]
}

function checkNetworkMode(
  path: string,
  { namespaces: { network } }: ServiceSpec,
  mayUseHost: boolean,
): Problem[] {
  switch (network?.kind) {
    case 'host': {
      if (mayUseHost) return []
      const { code, message } = refuse(path, '`network_mode: host` reaches into the machine')
      return [remark(code, `${path}.network_mode`, message)]
    }
    case 'service':
    case 'container':
    case 'other': {
      const message = 'The tasks of a swarm share no network with one container: remove it, and use names.'
      return [remark('NOT_ON_SWARM', `${path}.network_mode`, message)]
    }
    default:
      return []
  }
}

export function checkPorts(name: string, service: ServiceSpec, context: Context): Problem[] {
  if (service.ports.length === 0) return []
  const path = `services.${name}.ports`
  if (!publishes(service)) return checkMode(name, service)
  return [
    ...checkExposure(path, name, service, context),
    ...checkClients(path, name, context),
    ...service.ports.flatMap((port, at) => checkPort(`${path}[${at}]`, port, service, context)),
  ]
}

function checkExposure(path: string, name: string, service: ServiceSpec, context: Context): Problem[] {
  switch (exposureOf(name, context)) {
    case 'clusterIP': {
      const message = `A swarm publishes a port on its nodes or not at all: \`${name}\` is reached by the system's services alone.`
      return [remark('PORT_NOT_EXPOSED', path, message)]
    }
    case 'ingress': {
      const message = `A swarm has no Ingress: \`${name}\` is reached at ports of its nodes, and by no host name.`
      return [remark('PORT_WITHOUT_HOST', path, message)]
    }
    default: {
      if (isMeshed(service, context)) return []
      const message = `The ports of \`${name}\` answer on the nodes alone that run a task of it.`
      return [remark('PORT_OF_NODE', path, message)]
    }
  }
}

function checkPort(path: string, port: PortSpec, service: ServiceSpec, context: Context): Problem[] {
  const { hostIp, target, published } = port
  if (isLoopback(hostIp)) {
    const message = `A swarm does not publish on ${hostIp}: nobody outside the system reaches port ${target}.`
    return [remark('PORT_NOT_EXPOSED', path, message)]
  }
  const problems: Problem[] = []
  if (hostIp !== null && hostIp !== '0.0.0.0' && hostIp !== '::') {
    const message = `A swarm does not publish on one address (${hostIp}): port ${target} is published on all.`
    problems.push(remark('HOST_IP_IGNORED', path, message))
  }
  const isOfNode = !isMeshed(service, context) || port.mode === 'host'
  if (published && isOfNode && !hasOneCopyPerNode(service)) {
    const message = `Two tasks of one node can't have the same port: each gets one of its own for ${target}.`
    problems.push(remark('PORT_OF_ONE_COPY', path, message))
  } else if (published && published.from !== published.to) {
    const message = `Of ${published.from}-${published.to} the first is published for port ${target}.`
    problems.push(remark('PORT_RANGE_FIRST', path, message))
  }
  return problems
}

export function checkEndpoint(name: string, { deploy }: ServiceSpec, { facts }: Context): Problem[] {
  if (deploy.endpointMode !== 'vip' || facts.routingMesh) return []
  const message =
    'Virtual addresses need IPVS, which the machine does not have: DNS gives the addresses of the tasks.'
  return [remark('ENDPOINT_BY_DNS', `services.${name}.deploy.endpoint_mode`, message)]
}

/** The node that a task happens to run on has such a path, or not. */
export function checkHostPath(path: string, source: string, { policy }: Context): Problem[] {
  if (!isHostPath(source)) {
    const message = `\`${source}\` did not come with the request, and no node reads it from your machine: send it along, or use a volume.`
    return [remark('FILE_NOT_SENT', path, message)]
  }
  const permission = permissionOf(source)
  if (source.startsWith('/') && policy.allow.includes(permission)) return []
  const what = permission === 'docker_socket' ? "is the engine's socket" : 'is a path of the machine'
  const { code, message } = refuse(path, `\`${source}\` ${what}`)
  return [remark(code, path, message)]
}
