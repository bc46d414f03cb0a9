// The keys of a file beside its services.
import type { NetworkSpec } from '../../../../system/networks.ts'
import type { SystemSpec } from '../../../../system/spec.ts'
import { unused } from '../../../shared/unused.ts'
import { becomes, isSaid, type Row } from './row.ts'

/** A key of a network that speaks to Docker's drivers. */
function ofNetwork(key: string, value: (network: NetworkSpec) => unknown) {
  return {
    becomes: 'nothing',
    remarks: { NO_EFFECT: 'ignore+info' },
    saidOf: {
      code: 'NO_EFFECT',
      why: "has no effect: pods share the cluster's network",
      where: ({ networks }: SystemSpec) =>
        Object.entries(networks).flatMap(([name, network]) =>
          isSaid(value(network)) ? [`networks.${name}.${key}`] : [],
        ),
    },
  } as const satisfies Row
}

/** A config or a secret. */
const FILE = {
  FILE_NOT_SENT: 'error',
  VARIABLE_NOT_SET: 'error',
  OBJECT_TOO_LARGE: 'error',
  INVALID_OBJECT_NAME: 'error',
  NOT_ON_KUBERNETES: 'error',
  EXTERNAL_FILE: 'map+info',
  EXTERNAL_NOT_FOUND: 'error',
} as const

export const TOP_LEVEL_ROWS = {
  version: becomes('nothing', {}),
  name: becomes('the name of the system, which the request may set', {}),
  services: becomes('a Deployment or a Job each', {}),
  include: becomes('what it says is part of the file once that is loaded', {}),
  networks: becomes('labels of pods, and NetworkPolicies where there are several', {}),
  'networks.*': becomes('labels of pods, and NetworkPolicies where there are several', {}),
  'networks.*.name': ofNetwork('name', ({ name, external }) => !external && name),
  'networks.*.driver': ofNetwork(
    'driver',
    ({ driver }) => driver !== 'bridge' && driver !== 'overlay' && driver,
  ),
  'networks.*.driver_opts': ofNetwork('driver_opts', ({ driverOptions }) => driverOptions),
  'networks.*.ipam': ofNetwork(
    'ipam',
    ({ addressing }) => isSaid(addressing.driver) || isSaid(addressing.pools) || isSaid(addressing.options),
  ),
  'networks.*.attachable': ofNetwork('attachable', ({ attachable }) => attachable),
  'networks.*.enable_ipv4': ofNetwork('enable_ipv4', ({ ipv4 }) => ipv4 !== null),
  'networks.*.enable_ipv6': ofNetwork('enable_ipv6', ({ ipv6 }) => ipv6 !== null),
  'networks.*.labels': ofNetwork('labels', ({ labels }) => labels),
  'networks.*.internal': becomes('a NetworkPolicy of its pods, and their label', {}),
  'networks.*.external': {
    becomes: 'nothing: an error',
    remarks: { NOT_ON_KUBERNETES: 'error' },
    saidOf: {
      code: 'NOT_ON_KUBERNETES',
      why: "is Docker's, and a cluster has none of its networks: remove it",
      where: ({ networks }: SystemSpec) =>
        Object.entries(networks).flatMap(([name, { external }]) =>
          external ? [`networks.${name}.external`] : [],
        ),
    },
  },
  volumes: unused('volumes', 'a PersistentVolumeClaim each'),
  configs: unused('configs', 'a ConfigMap each'),
  secrets: unused('secrets', 'a Secret each'),
  models: unused('models', 'variables of the services that use them'),
  'x-k8s': becomes('what Compose has no key for', {
    NOT_SUPPORTED_YET: 'error',
    INVALID_EXTENSION: 'error',
    NOT_ALLOWED: 'policy',
  }),
  'volumes.*.x-k8s': becomes('size, class, access mode and selector of the claim', {
    INVALID_EXTENSION: 'error',
    INVALID_VOLUME_SETTING: 'error',
  }),
  'volumes.*': becomes('a PersistentVolumeClaim', { VOLUMES_ALIKE: 'error', VOLUME_SHARED: 'map+warn' }),
  'volumes.*.external': becomes('a claim that is there', {
    VOLUME_NOT_MADE: 'map+info',
    EXTERNAL_NOT_FOUND: 'error',
  }),
  'volumes.*.name': becomes('a claim that is there', {
    VOLUME_NOT_MADE: 'map+info',
    EXTERNAL_NOT_FOUND: 'error',
    INVALID_OBJECT_NAME: 'error',
  }),
  'volumes.*.driver': becomes('nothing, unless it is an unknown one', { NOT_ON_KUBERNETES: 'error' }),
  'volumes.*.driver_opts': becomes('nfs, or an emptyDir in memory', {
    NOT_ON_KUBERNETES: 'error',
    NOT_ALLOWED: 'policy',
  }),
  'volumes.*.labels': becomes('annotations of the claim', { INVALID_VOLUME_SETTING: 'error' }),
  'configs.*': becomes('a ConfigMap', FILE),
  'secrets.*': becomes('a Secret', FILE),
  security_context: becomes('as x-k8s.podSecurity, as the first Tycho had it', {
    INVALID_EXTENSION: 'error',
    NOT_ALLOWED: 'policy',
  }),
} as const
