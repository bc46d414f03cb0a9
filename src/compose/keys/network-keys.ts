// The keys of a service that say how it is reached and what it reaches.
import { type KeyRow, options, read, readAll, textOrTexts, texts } from './key-row.ts'

const SERVICE = 'services.*'

/** Host names and their addresses. */
export function extraHosts(path: string): KeyRow[] {
  return [
    read(path, 'map', 'list'),
    read(`${path}.*`, 'text', 'list'),
    read(`${path}.*[]`, 'text'),
    read(`${path}[]`, 'text'),
  ]
}

const PORTS: readonly KeyRow[] = [
  read(`${SERVICE}.ports`, 'list'),
  read(`${SERVICE}.ports[]`, 'text', 'number', 'map'),
  read(`${SERVICE}.ports[].target`, 'integer'),
  read(`${SERVICE}.ports[].published`, 'text', 'integer'),
  ...readAll(`${SERVICE}.ports[]`, ['host_ip', 'protocol', 'app_protocol', 'mode', 'name'], 'text'),
  read(`${SERVICE}.expose`, 'list'),
  read(`${SERVICE}.expose[]`, 'text', 'number'),
]

const NETWORKS: readonly KeyRow[] = [
  read(`${SERVICE}.networks`, 'list', 'map'),
  read(`${SERVICE}.networks[]`, 'text'),
  read(`${SERVICE}.networks.*`, 'map', 'null'),
  ...texts(`${SERVICE}.networks.*.aliases`),
  ...texts(`${SERVICE}.networks.*.link_local_ips`),
  ...readAll(
    `${SERVICE}.networks.*`,
    ['interface_name', 'ipv4_address', 'ipv6_address', 'mac_address'],
    'text',
  ),
  ...options(`${SERVICE}.networks.*.driver_opts`),
  ...readAll(`${SERVICE}.networks.*`, ['priority', 'gw_priority'], 'number'),
]

export const NETWORK_KEYS: readonly KeyRow[] = [
  ...PORTS,
  ...NETWORKS,
  read(`${SERVICE}.network_mode`, 'text'),
  ...texts(`${SERVICE}.links`),
  ...texts(`${SERVICE}.external_links`),
  ...extraHosts(`${SERVICE}.extra_hosts`),
  ...textOrTexts(`${SERVICE}.dns`),
  ...textOrTexts(`${SERVICE}.dns_search`),
  ...texts(`${SERVICE}.dns_opt`),
  read(`${SERVICE}.mac_address`, 'text'),
]
