// The body of `POST /containers/create`: what the compiler gives, with networks, files and the ports that were chosen. Pure.
import type { ContainerNetwork, ContainerObject } from '../objects.ts'
import type { PortChoice } from './host-ports.ts'
import type { Labels } from './live.ts'

/** `folders`: of each files object that the container mounts, where the engine's host has it. */
export function toCreateBody(
  object: ContainerObject,
  {
    labels,
    ports,
    folders,
  }: { labels: Labels; ports: readonly PortChoice[]; folders: ReadonlyMap<string, string> },
): Record<string, unknown> {
  const { create, networks, files } = object
  const host = (create.HostConfig ?? {}) as Record<string, unknown>
  const exposed = (create.ExposedPorts ?? {}) as Record<string, unknown>
  const mounts = files.map(({ files: name, key, target, readOnly }) => ({
    Type: 'bind',
    Source: key === '' ? folders.get(name) : `${folders.get(name)}/${key}`,
    Target: target,
    ReadOnly: readOnly,
  }))
  const [first] = networks
  const keys = object.ports.map(({ containerPort, protocol }) => [`${containerPort}/${protocol}`, {}])
  return {
    ...create,
    Image: object.image,
    Labels: labels,
    ExposedPorts: { ...exposed, ...Object.fromEntries(keys) },
    HostConfig: {
      ...host,
      ...(first && { NetworkMode: first.network }),
      PortBindings: toBindings(ports),
      Mounts: [...((host.Mounts as unknown[] | undefined) ?? []), ...mounts],
    },
    ...(first && { NetworkingConfig: { EndpointsConfig: { [first.network]: toEndpoint(first) } } }),
  }
}

/** Several numbers may lead to one port of the container. */
function toBindings(ports: readonly PortChoice[]): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings: Record<string, { HostIp: string; HostPort: string }[]> = {}
  for (const { port, number } of ports) {
    const key = `${port.containerPort}/${port.protocol}`
    const binding = { HostIp: port.hostIp ?? '', HostPort: `${number}` }
    bindings[key] = [...(bindings[key] ?? []), binding]
  }
  return bindings
}

export function toEndpoint(network: ContainerNetwork): Record<string, unknown> {
  const { aliases, ipv4, ipv6, macAddress, linkLocalIps, driverOptions, gatewayPriority } = network
  const ipam = {
    ...(ipv4 !== null && { IPv4Address: ipv4 }),
    ...(ipv6 !== null && { IPv6Address: ipv6 }),
    ...(linkLocalIps.length > 0 && { LinkLocalIPs: linkLocalIps }),
  }
  return {
    Aliases: aliases,
    ...(Object.keys(ipam).length > 0 && { IPAMConfig: ipam }),
    ...(macAddress !== null && { MacAddress: macAddress }),
    ...(Object.keys(driverOptions).length > 0 && { DriverOpts: driverOptions }),
    ...(gatewayPriority !== null && { GwPriority: gatewayPriority }),
  }
}
