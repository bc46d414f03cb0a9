// How services are reached, from outside and by each other.
import { becomes, impossible, noEffectOnPorts } from './row.ts'

export const NETWORK_ROWS = {
  'services.*.ports': becomes('PortBindings, for each copy; a port that is taken is another one', {
    PORTS_OF_HOST: 'error',
    PORTS_OF_OTHER: 'error',
    PORT_NOT_EXPOSED: 'map+warn',
    PORT_PUBLISHED_TWICE: 'map+warn',
    PORT_OF_ONE_COPY: 'map+info',
    PORT_OF_MACHINE: 'map+info',
    PORT_ON_LOOPBACK: 'map+info',
    PORT_WITHOUT_HOST: 'map+warn',
    CLIENTS_NOT_KEPT: 'error',
  }),
  'services.*.ports[].target': becomes('the port of the container', {}),
  'services.*.ports[].published': becomes('HostPort, or one that the engine assigns', {}),
  'services.*.ports[].protocol': becomes('protocol of both', {}),
  'services.*.ports[].host_ip': becomes('HostIp', {}),
  'services.*.ports[].name': noEffectOnPorts(
    'name',
    'a port of an engine has only its number',
    ({ name }) => name,
  ),
  'services.*.ports[].app_protocol': noEffectOnPorts(
    'app_protocol',
    'an engine hands on what it does not read',
    ({ appProtocol }) => appProtocol,
  ),
  'services.*.ports[].mode': becomes('nothing: on one engine both are ports of its machine', {}),
  'services.*.ports[].x-k8s': noEffectOnPorts(
    'x-k8s',
    'it is for Kubernetes',
    ({ extensions }) => extensions['x-k8s'],
  ),
  'services.*.expose': becomes('ExposedPorts', {}),
  'services.*.container_name': becomes('the name of the container, and an alias', {
    INVALID_OBJECT_NAME: 'error',
    NAME_TWICE: 'error',
  }),
  'services.*.hostname': becomes('Hostname', {}),
  'services.*.domainname': becomes('Domainname', {}),
  'services.*.links': becomes('an alias of the other service, for all on the network', {
    LINK_FOR_ALL: 'map+info',
  }),
  'services.*.external_links': impossible(
    'external_links',
    'names what is outside of the system: give its address in `extra_hosts`, or join its network as `external`',
    ({ externalLinks }) => externalLinks,
  ),
  'services.*.networks': becomes('EndpointsConfig', {}),
  'services.*.networks.*.aliases': becomes('Aliases', {}),
  'services.*.networks.*.ipv4_address': becomes('IPAMConfig.IPv4Address', {
    ADDRESS_WITHOUT_SUBNET: 'error',
    ADDRESS_OF_COPIES: 'error',
  }),
  'services.*.networks.*.ipv6_address': becomes('IPAMConfig.IPv6Address', {
    ADDRESS_WITHOUT_SUBNET: 'error',
    ADDRESS_OF_COPIES: 'error',
  }),
  'services.*.networks.*.link_local_ips': becomes('IPAMConfig.LinkLocalIPs', {}),
  'services.*.networks.*.mac_address': becomes('MacAddress; before API 1.44 of the first network alone', {
    NOT_APPLIED: 'map+warn',
    ADDRESS_OF_COPIES: 'error',
  }),
  'services.*.networks.*.interface_name': becomes('a DriverOpt, from API 1.49 on', {
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.networks.*.driver_opts': becomes('DriverOpts', {}),
  'services.*.networks.*.priority': becomes('the order in which networks are connected', {}),
  'services.*.networks.*.gw_priority': becomes('GwPriority, from API 1.48 on', { NOT_APPLIED: 'map+warn' }),
  'services.*.network_mode': becomes('NetworkMode', { NOT_ON_DOCKER: 'error', NOT_ALLOWED: 'policy' }),
  'services.*.extra_hosts': becomes('ExtraHosts', {}),
  'services.*.dns': becomes('Dns', {}),
  'services.*.dns_search': becomes('DnsSearch', {}),
  'services.*.dns_opt': becomes('DnsOptions', {}),
  'services.*.mac_address': becomes('MacAddress', { ADDRESS_OF_COPIES: 'error' }),
} as const
