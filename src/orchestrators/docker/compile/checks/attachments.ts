// How a service is attached to its networks: addresses, names of interfaces, and what others call it.
import type { Problem } from '../../../../problem.ts'
import type { NetworkAttachment } from '../../../../system/networks.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { speaks } from '../../facts.ts'
import type { Context } from '../context.ts'
import { remark } from '../dispositions.ts'
import { attachedTo, GATEWAY_MINOR, hasMacOn, INTERFACE_MINOR } from '../networks.ts'

export function checkAttachments(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  const networks = attachedTo(service)
  return [
    ...networks.flatMap((key, at) => {
      const attachment = service.networks[key]
      return attachment
        ? [
            ...checkAddresses(`${path}.networks.${key}`, key, attachment, service, context),
            ...checkNewer(`${path}.networks.${key}`, attachment, at, context),
          ]
        : []
    }),
    ...(service.macAddress !== null && service.replicas > 1 ? [ofCopies(`${path}.mac_address`)] : []),
    ...checkLinks(path, service),
  ]
}

function checkAddresses(
  path: string,
  key: string,
  { ipv4, ipv6, macAddress }: NetworkAttachment,
  { replicas }: ServiceSpec,
  { spec }: Context,
): Problem[] {
  const network = spec.networks[key]
  const asked = Object.entries({ ipv4_address: ipv4, ipv6_address: ipv6 }).filter(
    ([, address]) => address !== null,
  )
  const all = macAddress === null ? asked : [...asked, ['mac_address', macAddress] as [string, string]]
  if (replicas > 1) return all.map(([given]) => ofCopies(`${path}.${given}`))
  if (network?.external || (network?.addressing.pools.length ?? 0) > 0) return []
  return asked.map(([given]) => {
    const message = `The network \`${key}\` gets a subnet that nobody knows beforehand: give it one in \`ipam.config\`, or leave the address out.`
    return remark('ADDRESS_WITHOUT_SUBNET', `${path}.${given}`, message)
  })
}

function ofCopies(path: string): Problem {
  const message = 'Several copies of a service can have no address of their own in common: leave it out.'
  return remark('ADDRESS_OF_COPIES', path, message)
}

function checkNewer(path: string, attachment: NetworkAttachment, at: number, context: Context): Problem[] {
  const { interfaceName, gatewayPriority, macAddress } = attachment
  const { facts } = context
  const problems: Problem[] = []
  if (interfaceName !== null && !speaks(facts, INTERFACE_MINOR))
    problems.push(tooOld(path, 'interface_name', INTERFACE_MINOR))
  if (gatewayPriority !== null && !speaks(facts, GATEWAY_MINOR))
    problems.push(tooOld(path, 'gw_priority', GATEWAY_MINOR))
  if (macAddress !== null && !hasMacOn(at, context)) {
    const message =
      'An engine of this version gives a container one hardware address, on its first network: this one is not applied.'
    problems.push(remark('NOT_APPLIED', `${path}.mac_address`, message))
  }
  return problems
}

function tooOld(path: string, key: string, minor: number): Problem {
  const message = `\`${key}\` needs an engine of API 1.${minor}: it is not applied.`
  return remark('NOT_APPLIED', `${path}.${key}`, message)
}

function checkLinks(path: string, { links }: ServiceSpec): Problem[] {
  return links.flatMap(({ to, alias }, at) => {
    if (alias === to) return []
    const message = `\`${alias}\` is a name of \`${to}\` for every service on its networks, not for this one alone.`
    return [remark('LINK_FOR_ALL', `${path}.links[${at}]`, message)]
  })
}
