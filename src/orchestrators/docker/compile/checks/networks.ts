// Networks of the file that an engine can't make, or makes in another way.
import type { Problem } from '../../../../problem.ts'
import type { NetworkSpec } from '../../../../system/networks.ts'
import type { Context } from '../context.ts'
import { remark } from '../dispositions.ts'
import { isReserved } from '../manifest.ts'
import { toNetworkName } from '../networks.ts'

/** Drivers that put containers beside the machine, on its own network. */
const OF_MACHINE = ['macvlan', 'ipvlan']

/** Options of a bridge that concern nobody but who is on it. */
const OWN_OPTIONS = new Set([
  'com.docker.network.bridge.enable_icc',
  'com.docker.network.bridge.enable_ip_masquerade',
  'com.docker.network.driver.mtu',
  'com.docker.network.container_iface_prefix',
])

export function checkNetworks(context: Context): Problem[] {
  return Object.entries(context.spec.networks).flatMap(([key, network]) =>
    network.external ? checkExternal(key, context) : checkMade(`networks.${key}`, network, context),
  )
}

function checkExternal(key: string, context: Context): Problem[] {
  const message = `The network \`${toNetworkName(key, context)}\` must be on the engine already: it is neither made nor deleted.`
  return [remark('NETWORK_NOT_MADE', `networks.${key}.external`, message)]
}

function checkMade(path: string, network: NetworkSpec, context: Context): Problem[] {
  return [
    ...checkDriver(path, network, context),
    ...checkOptions(path, network, context),
    ...checkAddresses(path, network),
    ...checkRest(path, network),
  ]
}

function checkDriver(path: string, { driver }: NetworkSpec, { policy }: Context): Problem[] {
  if (driver === null || driver === 'bridge' || driver === 'default') return []
  if (driver === 'overlay') {
    const message = 'The system runs on one engine, where a bridge reaches all of it: it is one.'
    return [remark('OVERLAY_AS_BRIDGE', `${path}.driver`, message)]
  }
  if (!OF_MACHINE.includes(driver)) {
    const message = `An engine has no driver \`${driver}\` for networks of systems: leave it out.`
    return [remark('NOT_ON_DOCKER', `${path}.driver`, message)]
  }
  if (policy.allow.includes('host_network')) return []
  const message = `\`${driver}\` puts the service on the network of the machine, which the operator does not allow: remove it.`
  return [remark('NOT_ALLOWED', `${path}.driver`, message)]
}

function checkOptions(path: string, { driverOptions }: NetworkSpec, { policy }: Context): Problem[] {
  if (policy.allow.includes('host_network')) return []
  return Object.keys(driverOptions)
    .filter((option) => !OWN_OPTIONS.has(option))
    .map((option) => {
      const message = `\`${option}\` may reach beyond the network, which the operator does not allow: remove it.`
      return remark('NOT_ALLOWED', `${path}.driver_opts.${option}`, message)
    })
}

export function checkAddresses(path: string, { addressing, ipv6 }: NetworkSpec): Problem[] {
  const problems: Problem[] = []
  const { driver, pools } = addressing
  if (driver !== null && driver !== 'default') {
    const message = `An engine gives out the addresses of its networks itself, not \`${driver}\`: leave it out.`
    problems.push(remark('NOT_ON_DOCKER', `${path}.ipam.driver`, message))
  }
  for (const [at, { subnet }] of pools.entries())
    if (subnet === null) {
      const message = 'A pool of addresses is of a subnet: give it, or leave the pool out.'
      problems.push(remark('NOT_ON_DOCKER', `${path}.ipam.config[${at}]`, message))
    }
  if (ipv6 && !pools.some(({ subnet }) => subnet?.includes(':'))) {
    const message = 'Addresses of IPv6 are of a subnet of the file: give it in `ipam.config`.'
    problems.push(remark('SUBNET_REQUIRED', `${path}.enable_ipv6`, message))
  }
  return problems
}

function checkRest(path: string, { attachable, ipv4, labels }: NetworkSpec): Problem[] {
  const problems: Problem[] = []
  if (attachable) {
    const message = '`attachable` has no effect: every network of one engine is.'
    problems.push(remark('NO_EFFECT', `${path}.attachable`, message))
  }
  if (ipv4 === false) {
    const message = 'A network has addresses of IPv4 here, so `enable_ipv4: false` is not applied.'
    problems.push(remark('NOT_APPLIED', `${path}.enable_ipv4`, message))
  }
  for (const label of Object.keys(labels).filter(isReserved))
    problems.push(
      remark('LABEL_IGNORED', `${path}.labels.${label}`, `\`${label}\` is Tycho's own: it is left out.`),
    )
  return problems
}
