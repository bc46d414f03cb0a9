// Networks of a system, and how its services are attached to them and to each other.

/** A network that the file describes. `external`: it is there already and is never made or removed. */
export type NetworkSpec = {
  /** Its name outside of the system; null: of the orchestrator's choice. */
  name: string | null
  external: boolean
  driver: string | null
  driverOptions: Record<string, string>
  addressing: Addressing
  internal: boolean
  attachable: boolean
  ipv4: boolean | null
  ipv6: boolean | null
  labels: Record<string, string>
  extensions: Record<string, unknown>
}

/** `ipam`: who gives out addresses, and which. */
export type Addressing = {
  driver: string | null
  pools: AddressPool[]
  options: Record<string, string>
}

export type AddressPool = {
  subnet: string | null
  range: string | null
  gateway: string | null
  reserved: Record<string, string>
}

/** How one service is attached to one network. */
export type NetworkAttachment = {
  aliases: string[]
  ipv4: string | null
  ipv6: string | null
  linkLocalAddresses: string[]
  macAddress: string | null
  interfaceName: string | null
  driverOptions: Record<string, string>
  priority: number | null
  gatewayPriority: number | null
  extensions: Record<string, unknown>
}

/** Whose namespace (network, ipc, pid, uts, user, cgroup) the containers of a service live in. */
export type Namespace =
  | { kind: 'own' }
  | { kind: 'shareable' }
  | { kind: 'none' }
  | { kind: 'host' }
  | { kind: 'service'; service: string }
  | { kind: 'container'; container: string }
  | { kind: 'other'; name: string }

export type Namespaces = {
  network: Namespace | null
  ipc: Namespace | null
  pid: Namespace | null
  uts: Namespace | null
  user: Namespace | null
  cgroup: Namespace | null
}

export type Dns = { servers: string[]; search: string[]; options: string[] }

/** `links`, `external_links`: another container under a name. */
export type Link = { to: string; alias: string }

/** The network of services that name none (Compose specification, "networks"). */
export const DEFAULT_NETWORK = 'default'

/** The networks that a service is attached to: `default` where the file says nothing about it. */
export function networksOf(service: {
  networks: Record<string, NetworkAttachment>
  namespaces: Namespaces
}): string[] {
  const names = Object.keys(service.networks)
  if (names.length > 0) return names
  return service.namespaces.network === null || service.namespaces.network.kind === 'own'
    ? [DEFAULT_NETWORK]
    : []
}
