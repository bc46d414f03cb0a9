// The keys of a file beside its services.
import { unused } from '../../../shared/unused.ts'
import { becomes } from './row.ts'

/** A config or a secret. */
const FILE = {
  FILE_NOT_SENT: 'error',
  VARIABLE_NOT_SET: 'error',
  NOT_ON_DOCKER: 'error',
  NO_EFFECT: 'ignore+info',
} as const

export const TOP_LEVEL_ROWS = {
  version: becomes('nothing', {}),
  name: becomes('the name of the system, which the request may set', {}),
  services: becomes('containers', {}),
  include: becomes('what it says is part of the file once that is loaded', {}),
  networks: unused('networks', 'a network each'),
  'networks.*': becomes('a network', { NAME_TWICE: 'error' }),
  'networks.*.name': becomes('the name of the network', {
    INVALID_OBJECT_NAME: 'error',
    NAME_TWICE: 'error',
  }),
  'networks.*.driver': becomes('Driver; `overlay` is `bridge` on one engine', {
    OVERLAY_AS_BRIDGE: 'map+info',
    NOT_ON_DOCKER: 'error',
    NOT_ALLOWED: 'policy',
  }),
  'networks.*.driver_opts': becomes('Options', { NOT_ALLOWED: 'policy' }),
  'networks.*.ipam': becomes('IPAM', { NOT_ON_DOCKER: 'error' }),
  'networks.*.attachable': becomes('nothing: every network of one engine is', { NO_EFFECT: 'ignore+info' }),
  'networks.*.enable_ipv4': becomes('nothing: addresses of IPv4 are always given', {
    NOT_APPLIED: 'map+warn',
  }),
  'networks.*.enable_ipv6': becomes('EnableIPv6', { SUBNET_REQUIRED: 'error' }),
  'networks.*.labels': becomes('Labels', { LABEL_IGNORED: 'map+warn' }),
  'networks.*.internal': becomes('Internal', {}),
  'networks.*.external': becomes('a network that is there', {
    NETWORK_NOT_MADE: 'map+info',
    INVALID_OBJECT_NAME: 'error',
  }),
  volumes: unused('volumes', 'a volume each'),
  configs: unused('configs', 'a file each'),
  secrets: unused('secrets', 'a file each'),
  models: unused('models', 'variables of the services that use them'),
  'x-k8s': becomes('nothing: it is for Kubernetes', { EXTENSION_IGNORED: 'ignore+info' }),
  'volumes.*.x-k8s': becomes('nothing: it is for Kubernetes', { EXTENSION_IGNORED: 'ignore+info' }),
  'volumes.*': becomes('a volume', { NAME_TWICE: 'error' }),
  'volumes.*.external': becomes('a volume that is there', {
    VOLUME_NOT_MADE: 'map+info',
    INVALID_OBJECT_NAME: 'error',
  }),
  'volumes.*.name': becomes('the name of the volume', { INVALID_OBJECT_NAME: 'error', NAME_TWICE: 'error' }),
  'volumes.*.driver': becomes('Driver', { NOT_ON_DOCKER: 'error' }),
  'volumes.*.driver_opts': becomes('DriverOpts', { NOT_ALLOWED: 'policy' }),
  'volumes.*.labels': becomes('Labels', { LABEL_IGNORED: 'map+warn' }),
  'configs.*': becomes('a file', FILE),
  'secrets.*': becomes('a file', FILE),
  security_context: becomes('nothing: it is for Kubernetes', { EXTENSION_IGNORED: 'ignore+info' }),
} as const
