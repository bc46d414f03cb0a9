// Networks of a system, and how the copies of a service are attached to them.

import { toHostname } from '../../../system/names.ts'
import {
  DEFAULT_NETWORK,
  type NetworkAttachment,
  type NetworkSpec,
  networksOf,
} from '../../../system/networks.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { speaks } from '../facts.ts'
import type { ContainerNetwork, NetworkObject } from '../objects.ts'
import type { Context } from './context.ts'
import { toManifest, toSystemLabels, withOwnLabels } from './manifest.ts'
import { toPartName, toPrefix } from './names.ts'

/** From here on an endpoint has a hardware address of its own (API 1.44). */
const MAC_PER_NETWORK_MINOR = 44
/** From here on one says which network is the way out, and whether there are addresses of IPv4. */
export const GATEWAY_MINOR = 48
/** From here on an interface has a name of one's choice. */
export const INTERFACE_MINOR = 49

const INTERFACE_OPTION = 'com.docker.network.endpoint.ifname'

export function toNetworks(context: Context): Manifest[] {
  return usedNetworks(context).map((key) => {
    const network = context.spec.networks[key] ?? null
    return toManifest(describeNetwork(key, network, context), network ? `networks.${key}` : 'networks')
  })
}

/** Those that some service is attached to, in the order of the file; `default` is one whether it stands there or not. */
export function usedNetworks({ spec }: Context): string[] {
  const used = new Set(Object.values(spec.services).flatMap(networksOf))
  const described = Object.keys(spec.networks).filter((key) => used.has(key))
  return used.has(DEFAULT_NETWORK) ? [...new Set([DEFAULT_NETWORK, ...described])] : described
}

/** The engine's name of a network of the file. */
export function toNetworkName(key: string, { identity, spec }: Context): string {
  const described = spec.networks[key] ?? { name: null, external: false }
  return `${toPrefix(identity)}${toPartName(identity.name, key, described)}`
}

/** As an engine makes it. */
export function describeNetwork(key: string, network: NetworkSpec | null, context: Context): NetworkObject {
  const own = toSystemLabels(context.identity)
  return {
    kind: 'network',
    name: toNetworkName(key, context),
    labels: withOwnLabels(network?.labels ?? {}, own),
    external: network?.external ?? false,
    driver: driverOf(network),
    options: network?.driverOptions ?? {},
    internal: network?.internal ?? false,
    enableIpv6: network?.ipv6 ?? false,
    subnets: subnetsOf(network),
    ipam: {
      driver: network?.addressing.driver ?? 'default',
      options: network?.addressing.options ?? {},
    },
  }
}

/** On one engine a bridge reaches as far as an overlay. */
function driverOf(network: NetworkSpec | null): string {
  const driver = network?.driver ?? 'bridge'
  return driver === 'overlay' || driver === 'default' ? 'bridge' : driver
}

function subnetsOf(network: NetworkSpec | null): NetworkObject['subnets'] {
  const pools = (network?.addressing.pools ?? []).flatMap(({ subnet, gateway, range, reserved }) =>
    subnet === null ? [] : [{ subnet, gateway, ipRange: range, reserved }],
  )
  return pools.length > 0 ? pools : null
}

/** Those with a higher priority first, as Compose connects them. */
export function attachedTo(service: ServiceSpec): string[] {
  const priorityOf = (key: string) => service.networks[key]?.priority ?? 0
  return networksOf(service).toSorted((one, other) => priorityOf(other) - priorityOf(one))
}

export function toContainerNetworks(
  name: string,
  service: ServiceSpec,
  context: Context,
): ContainerNetwork[] {
  return attachedTo(service).map((key, at) => {
    const attachment = service.networks[key] ?? null
    return {
      network: toNetworkName(key, context),
      aliases: aliasesOn(key, name, service, context),
      ipv4: attachment?.ipv4 ?? null,
      ipv6: attachment?.ipv6 ?? null,
      macAddress: macOn(attachment, at, service, context),
      linkLocalIps: attachment?.linkLocalAddresses ?? [],
      driverOptions: optionsOn(attachment, context),
      gatewayPriority: speaks(context.facts, GATEWAY_MINOR) ? (attachment?.gatewayPriority ?? null) : null,
    }
  })
}

/**
 * The service's own name, with it that which it has on Kubernetes; a container's own; and what others call it by `links`,
 * each once.
 */
export function aliasesOn(key: string, name: string, service: ServiceSpec, { spec }: Context): string[] {
  const linked = Object.values(spec.services)
    .filter((other) => networksOf(other).includes(key))
    .flatMap(({ links }) => links.filter(({ to }) => to === name).map(({ alias }) => alias))
  const own = service.containerName === null ? [] : [service.containerName]
  const given = service.networks[key]?.aliases ?? []
  return [...new Set([name, toHostname(name), ...own, ...given, ...linked])].filter((alias) => alias !== '')
}

/** Before, a container has one address, that of its first network. */
export function macOfContainer(service: ServiceSpec, { facts }: Context): string | undefined {
  if (speaks(facts, MAC_PER_NETWORK_MINOR)) return undefined
  const [first] = attachedTo(service)
  return service.networks[first ?? '']?.macAddress ?? service.macAddress ?? undefined
}

function macOn(
  attachment: NetworkAttachment | null,
  at: number,
  service: ServiceSpec,
  { facts }: Context,
): string | null {
  if (!speaks(facts, MAC_PER_NETWORK_MINOR)) return null
  return attachment?.macAddress ?? (at === 0 ? service.macAddress : null)
}

/** Whether a hardware address of this network, the one at this place, reaches the engine. */
export function hasMacOn(at: number, { facts }: Context): boolean {
  return at === 0 || speaks(facts, MAC_PER_NETWORK_MINOR)
}

function optionsOn(attachment: NetworkAttachment | null, { facts }: Context): Record<string, string> {
  const options = attachment?.driverOptions ?? {}
  const name = attachment?.interfaceName ?? null
  return name !== null && speaks(facts, INTERFACE_MINOR) ? { ...options, [INTERFACE_OPTION]: name } : options
}
