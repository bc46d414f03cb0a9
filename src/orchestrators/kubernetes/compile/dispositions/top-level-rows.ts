// The keys of a file beside its services.
import type { NetworkSpec } from '../../../../system/networks.ts'
import type { SystemSpec } from '../../../../system/spec.ts'
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

export const TOP_LEVEL_ROWS = {
  version: becomes('nothing', {}),
  name: becomes('the name of the system, which the request may set', {}),
  services: becomes('a Deployment or a Job each', {}),
  include: becomes('what it says is part of the file once that is loaded', {}),
  networks: becomes('nothing: the pods of a system reach each other', {}),
  'networks.*': becomes('nothing: the pods of a system reach each other', {}),
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
  'networks.*.internal': {
    becomes: 'a NetworkPolicy',
    remarks: { NOT_SUPPORTED_YET: 'error' },
    saidOf: {
      code: 'NOT_SUPPORTED_YET',
      why: 'is not supported on Kubernetes yet: remove it',
      where: ({ networks }: SystemSpec) =>
        Object.entries(networks).flatMap(([name, { internal }]) =>
          internal ? [`networks.${name}.internal`] : [],
        ),
    },
  },
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
  volumes: becomes('a PersistentVolumeClaim each', { NOT_SUPPORTED_YET: 'error' }),
  configs: becomes('a ConfigMap each', { NOT_SUPPORTED_YET: 'error' }),
  secrets: becomes('a Secret each', { NOT_SUPPORTED_YET: 'error' }),
  models: {
    becomes: 'nothing: an error where a service uses one',
    remarks: { NOT_ON_KUBERNETES: 'error', NO_EFFECT: 'ignore+info' },
    saidOf: {
      code: 'NO_EFFECT',
      why: 'has no effect: no service uses it',
      where: ({ models, services }: SystemSpec) => {
        const used = new Set(Object.values(services).flatMap((service) => Object.keys(service.models)))
        return Object.keys(models).flatMap((name) => (used.has(name) ? [] : [`models.${name}`]))
      },
    },
  },
  'x-k8s': becomes('what Compose has no key for', { NOT_SUPPORTED_YET: 'error' }),
  'volumes.*.x-k8s': becomes('what Compose has no key for', { NOT_SUPPORTED_YET: 'error' }),
  security_context: becomes('securityContext of the pods', { NOT_SUPPORTED_YET: 'error' }),
} as const
