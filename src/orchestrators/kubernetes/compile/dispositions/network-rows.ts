// How a service is reached and what it reaches.
import type { NetworkAttachment } from '../../../../system/networks.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import { becomes, impossible, isSaid, notApplied } from './row.ts'

/** The paths of a key of those networks where it is said. */
function inNetworks(key: string, value: (network: NetworkAttachment) => unknown) {
  return ({ networks }: ServiceSpec) =>
    Object.entries(networks).flatMap(([name, network]) =>
      isSaid(value(network)) ? [`networks.${name}.${key}`] : [],
    )
}

function notGiven(key: string, why: string, value: (network: NetworkAttachment) => unknown) {
  const row = notApplied(key, why, () => null)
  return { ...row, said: { ...row.said, where: inNetworks(key, value) } }
}

const OWN_ADDRESS = 'is given out by the cluster'

export const NETWORK_ROWS = {
  'services.*.ports': becomes('containers[].ports[] and V1Service ports[]', {
    MIXED_PROTOCOLS: 'error',
    INGRESS_HOST_UNKNOWN: 'error',
    INGRESS_CLASSES: 'error',
    PORT_WITHOUT_HOST: 'map+warn',
    CLIENTS_BY_NODE: 'map+warn',
    CLIENTS_BY_INGRESS: 'map+warn',
    PORTS_OF_HOST: 'error',
  }),
  'services.*.ports[].target': becomes('containerPort and V1Service targetPort', {}),
  'services.*.ports[].published': becomes('V1Service port', {
    PORT_RANGE_FIRST: 'map+info',
    PORT_PUBLISHED_TWICE: 'error',
    PORT_TWICE_IN_POD: 'error',
  }),
  'services.*.ports[].protocol': becomes('protocol of both', {}),
  'services.*.ports[].host_ip': becomes('nothing', {
    PORT_NOT_EXPOSED: 'ignore+info',
    HOST_IP_IGNORED: 'map+warn',
  }),
  'services.*.ports[].name': becomes('V1Service port name', { PORT_NAME_CHANGED: 'map+warn' }),
  'services.*.ports[].app_protocol': becomes('V1Service appProtocol', { INVALID_APP_PROTOCOL: 'error' }),
  'services.*.ports[].mode': becomes('the exposure of the request; host: hostPort of the container', {
    HOST_PORT_OF_NODE: 'map+info',
    HOST_PORT_TWICE: 'error',
    HOST_PORT_REFUSED: 'policy',
  }),
  'services.*.ports[].x-k8s': becomes('an Ingress and V1Service nodePort', {
    INVALID_EXTENSION: 'error',
    INVALID_HOST: 'error',
    HOST_TWICE: 'error',
    HOST_IGNORED: 'map+warn',
    NODE_PORT_TWICE: 'error',
    NODE_PORT_IGNORED: 'map+warn',
  }),
  'services.*.expose': becomes('containers[].ports[]', {}),
  'services.*.container_name': becomes('nothing: the service is found by its own name', {
    NAME_NOT_SERVED: 'map+warn',
  }),
  'services.*.hostname': becomes('nothing: the host is named as the service', {
    NAME_NOT_SERVED: 'map+warn',
  }),
  'services.*.domainname': notApplied(
    'domainname',
    "would keep the system's services from finding each other",
    ({ domainname }) => domainname,
  ),
  'services.*.links': becomes('stages: what it names is applied before', { NAME_NOT_SERVED: 'map+warn' }),
  'services.*.external_links': impossible(
    'external_links',
    'names what is outside of the system: give its address in `extra_hosts`',
    ({ externalLinks }) => externalLinks,
  ),
  'services.*.networks': becomes('a NetworkPolicy, where the system has several networks', {}),
  'services.*.networks.*.aliases': becomes('nothing: the service is found by its own name', {
    NAME_NOT_SERVED: 'map+warn',
  }),
  'services.*.networks.*.ipv4_address': notGiven('ipv4_address', OWN_ADDRESS, ({ ipv4 }) => ipv4),
  'services.*.networks.*.ipv6_address': notGiven('ipv6_address', OWN_ADDRESS, ({ ipv6 }) => ipv6),
  'services.*.networks.*.link_local_ips': notGiven(
    'link_local_ips',
    'are given out by the cluster',
    ({ linkLocalAddresses }) => linkLocalAddresses,
  ),
  'services.*.networks.*.mac_address': notGiven('mac_address', OWN_ADDRESS, ({ macAddress }) => macAddress),
  'services.*.networks.*.interface_name': notGiven(
    'interface_name',
    'is the choice of the cluster',
    ({ interfaceName }) => interfaceName,
  ),
  'services.*.networks.*.driver_opts': notGiven(
    'driver_opts',
    'speak to a network driver of Docker',
    ({ driverOptions }) => driverOptions,
  ),
  'services.*.networks.*.priority': notGiven(
    'priority',
    'has no meaning for a pod, which has one network',
    ({ priority }) => priority,
  ),
  'services.*.networks.*.gw_priority': notGiven(
    'gw_priority',
    'has no meaning for a pod, which has one network',
    ({ gatewayPriority }) => gatewayPriority,
  ),
  'services.*.network_mode': becomes(
    "the pod's own network; `none`: a NetworkPolicy; `service:x`: a container of its pod",
    {
      NETWORK_BY_POLICY: 'map+warn',
      POD_DISAGREES: 'error',
      NOT_ON_KUBERNETES: 'error',
      NOT_ALLOWED: 'policy',
    },
  ),
  'services.*.extra_hosts': becomes('hostAliases', { HOST_GATEWAY: 'error' }),
  'services.*.dns': notApplied(
    'dns',
    "would keep the system's services from finding each other",
    ({ dns }) => dns.servers,
  ),
  'services.*.dns_search': becomes('dnsConfig.searches', { DNS_LIMIT: 'error' }),
  'services.*.dns_opt': becomes('dnsConfig.options', {}),
  'services.*.mac_address': notApplied('mac_address', OWN_ADDRESS, ({ macAddress }) => macAddress),
} as const
