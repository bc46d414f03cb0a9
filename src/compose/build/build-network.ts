// How a service is reached and what it reaches, in the model.
import { isIP } from 'node:net'
import type { Link, Namespace, Namespaces, NetworkAttachment } from '../../system/networks.ts'
import type { ServiceSpec } from '../../system/spec.ts'
import { parseNamespace } from '../values/process.ts'
import type { Reader } from './reader.ts'

type Net = Pick<
  ServiceSpec,
  | 'containerName'
  | 'hostname'
  | 'domainname'
  | 'networks'
  | 'namespaces'
  | 'links'
  | 'externalLinks'
  | 'extraHosts'
  | 'dns'
  | 'macAddress'
>

export function buildNet(service: Reader): Net {
  return {
    containerName: containerNameOf(service),
    hostname: service.text('hostname'),
    domainname: service.text('domainname'),
    networks: service.record('networks', attachmentOf),
    namespaces: namespacesOf(service),
    links: service.parsedTexts('links', parseLink, 'a link is written `service` or `service:alias`'),
    externalLinks: service.parsedTexts(
      'external_links',
      parseLink,
      'a link is written `container` or `container:alias`',
    ),
    extraHosts: extraHostsOf(service),
    dns: {
      servers: service.texts('dns'),
      search: service.texts('dns_search'),
      options: service.texts('dns_opt'),
    },
    macAddress: macAddressAt(service),
  }
}

/** Addresses of hosts, by name; Docker's word `host-gateway` stands for the machine. */
export function extraHostsOf(reader: Reader): Record<string, string[]> {
  const hosts = reader.below('extra_hosts')
  if (!hosts.map) return {}
  const names = [...hosts.map.entries.keys()]
  const rule = 'it must be an IP address or `host-gateway`'
  return Object.fromEntries(names.map((name) => [name, hosts.parsedTexts(name, parseHostAddress, rule)]))
}

function parseHostAddress(text: string): string | null {
  return text === 'host-gateway' || isIP(text) !== 0 ? text : null
}

/** Docker's rule for container names. */
function containerNameOf(service: Reader): string | null {
  const rule =
    'it has letters, digits, `_`, `.` and `-`, begins with one of the first two, and has two at least'
  return service.parsed('container_name', parseContainerName, rule)
}

function parseContainerName(text: string): string | null {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(text) ? text : null
}

function attachmentOf(network: Reader): NetworkAttachment {
  const address = (key: string, family: 4 | 6) =>
    network.parsed(key, (text) => (isIP(text) === family ? text : null), `it must be an IPv${family} address`)
  return {
    aliases: network.texts('aliases'),
    ipv4: address('ipv4_address', 4),
    ipv6: address('ipv6_address', 6),
    linkLocalAddresses: network.texts('link_local_ips'),
    macAddress: macAddressAt(network),
    interfaceName: network.text('interface_name'),
    driverOptions: network.textMap('driver_opts'),
    priority: network.number('priority', { least: Number.MIN_SAFE_INTEGER }),
    gatewayPriority: network.number('gw_priority', { least: Number.MIN_SAFE_INTEGER }),
    extensions: network.extensions(),
  }
}

function macAddressAt(reader: Reader): string | null {
  const rule = 'it must be six pairs of hexadecimal digits, as `02:42:ac:11:65:43`'
  return reader.parsed('mac_address', parseMacAddress, rule)
}

function parseMacAddress(text: string): string | null {
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text) ? text : null
}

function namespacesOf(service: Reader): Namespaces {
  const cgroup = service.oneOf('cgroup', ['host', 'private'])
  return {
    network: namespaceAt(service, 'network_mode'),
    ipc: namespaceAt(service, 'ipc'),
    pid: namespaceAt(service, 'pid'),
    uts: namespaceAt(service, 'uts'),
    user: namespaceAt(service, 'userns_mode'),
    cgroup: cgroup && parseNamespace(cgroup),
  }
}

function namespaceAt(service: Reader, key: string): Namespace | null {
  const rule = 'it must be `host` or `service:name`, or one of the words that the specification gives'
  return service.parsed(key, parseOwnOrOther, rule)
}

function parseOwnOrOther(text: string): Namespace | null {
  return text === '' ? { kind: 'own' } : parseNamespace(text)
}

function parseLink(text: string): Link | null {
  const [to = '', alias = to, ...rest] = text.split(':')
  return to === '' || alias === '' || rest.length > 0 ? null : { to, alias }
}
