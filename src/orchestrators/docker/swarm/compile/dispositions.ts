// What becomes of every key of the specification on a swarm. A key that fares as on one engine has that row.
import type { ServiceSpec, SystemSpec } from '../../../../system/spec.ts'
import { becomes, createImpossible, isSaid, notApplied, type Row } from '../../../shared/disposition-row.ts'
import { type CodeOf, createTable } from '../../../shared/disposition-table.ts'
import { dispositions as ofEngine } from '../../compile/dispositions.ts'

/** A service of a swarm has no such field. */
const impossible = createImpossible('NOT_ON_SWARM')

const NO_FIELD = 'has no field in a service of a swarm'

/** Of one network of a service. */
function ofAttachments(key: string, value: (attachment: ServiceSpec['networks'][string]) => unknown) {
  return {
    becomes: 'nothing: a warning',
    remarks: { NOT_APPLIED: 'map+warn' },
    said: {
      code: 'NOT_APPLIED',
      why: `${NO_FIELD}, so it is not applied`,
      where: ({ networks }: ServiceSpec) =>
        Object.entries(networks).flatMap(([name, attachment]) =>
          isSaid(value(attachment)) ? [`networks.${name}.${key}`] : [],
        ),
    },
  } as const satisfies Row
}

const RUN_ROWS = {
  'services.*': becomes('a service of the swarm, with a task for each copy', {
    INVALID_SERVICE_NAME: 'error',
    NAME_TWICE: 'error',
  }),
  'services.*.image': becomes('ContainerSpec.Image', {
    IMAGE_NOT_ALLOWED: 'policy',
    IMAGE_REQUIRED: 'error',
  }),
  'services.*.build': becomes('nothing: nodes take images from a registry', {
    NOT_BUILT_HERE: 'ignore+info',
    IMAGE_REQUIRED: 'error',
  }),
  'services.*.platform': becomes('Placement.Platforms', {}),
  'services.*.pull_policy': notApplied(
    'pull_policy',
    'is the choice of each node, which pulls where it can',
    ({ pullPolicy }) => pullPolicy,
  ),
  'services.*.runtime': impossible(
    'runtime',
    `${NO_FIELD}: remove it`,
    ({ runtime }) => runtime !== 'runc' && runtime,
  ),
  'services.*.stop_grace_period': becomes('ContainerSpec.StopGracePeriod', {}),
  'services.*.post_start': impossible(
    'post_start',
    'is run by nobody on the nodes of a swarm: use `pre_start`',
    ({ hooks }) => hooks.postStart,
  ),
  'services.*.pre_stop': impossible(
    'pre_stop',
    'is run by nobody on the nodes of a swarm: have the program heed `stop_signal`',
    ({ hooks }) => hooks.preStop,
  ),
  'services.*.annotations': notApplied('annotations', NO_FIELD, ({ annotations }) => annotations),
  'services.*.restart': becomes('RestartPolicy.Condition', {}),
  'services.*.container_name': notApplied(
    'container_name',
    'is the choice of the swarm (it is an alias all the same)',
    ({ containerName }) => containerName,
  ),
  'services.*.domainname': notApplied('domainname', NO_FIELD, ({ domainname }) => domainname),
} as const

const NETWORK_ROWS = {
  'services.*.ports': becomes('EndpointSpec.Ports: of each node, or of the routing mesh', {
    PORTS_OF_HOST: 'error',
    PORTS_OF_OTHER: 'error',
    PORT_NOT_EXPOSED: 'map+warn',
    HOST_IP_IGNORED: 'map+warn',
    PORT_RANGE_FIRST: 'map+info',
    PORT_OF_ONE_COPY: 'map+info',
    PORT_OF_NODE: 'map+info',
    PORT_WITHOUT_HOST: 'map+warn',
    CLIENTS_NOT_KEPT: 'error',
  }),
  'services.*.network_mode': becomes('the network `host` or `none` of the nodes', {
    NOT_ON_SWARM: 'error',
    NOT_ALLOWED: 'policy',
  }),
  'services.*.networks.*.ipv4_address': ofAttachments('ipv4_address', ({ ipv4 }) => ipv4),
  'services.*.networks.*.ipv6_address': ofAttachments('ipv6_address', ({ ipv6 }) => ipv6),
  'services.*.networks.*.link_local_ips': ofAttachments('link_local_ips', (one) => one.linkLocalAddresses),
  'services.*.networks.*.mac_address': ofAttachments('mac_address', ({ macAddress }) => macAddress),
  'services.*.networks.*.interface_name': ofAttachments('interface_name', (one) => one.interfaceName),
  'services.*.networks.*.priority': ofAttachments('priority', ({ priority }) => priority),
  'services.*.networks.*.gw_priority': ofAttachments('gw_priority', (one) => one.gatewayPriority),
  'services.*.mac_address': notApplied('mac_address', NO_FIELD, ({ macAddress }) => macAddress),
  'services.*.links': becomes('an alias of the other service, for all on the network', {}),
} as const

const MACHINE_ROWS = {
  'services.*.cpu_shares': notApplied('cpu_shares', NO_FIELD, ({ cpu }) => cpu.shares),
  'services.*.cpu_quota': becomes('Limits.NanoCPUs, with cpu_period', {}),
  'services.*.cpu_period': becomes('Limits.NanoCPUs, with cpu_quota', {}),
  'services.*.cpu_rt_period': notApplied('cpu_rt_period', NO_FIELD, ({ cpu }) => cpu.realtimePeriodUs),
  'services.*.cpu_rt_runtime': notApplied('cpu_rt_runtime', NO_FIELD, ({ cpu }) => cpu.realtimeRuntimeUs),
  'services.*.cpuset': notApplied('cpuset', NO_FIELD, ({ cpu }) => cpu.set),
  'services.*.memswap_limit': notApplied('memswap_limit', NO_FIELD, ({ memory }) => memory.swapBytes),
  'services.*.mem_swappiness': notApplied('mem_swappiness', NO_FIELD, ({ memory }) => memory.swappiness),
  'services.*.oom_kill_disable': notApplied(
    'oom_kill_disable',
    NO_FIELD,
    ({ memory }) => memory.oomKillDisable,
  ),
  'services.*.oom_score_adj': notApplied(
    'oom_score_adj',
    NO_FIELD,
    ({ memory }) => memory.oomScoreAdjustment,
  ),
  'services.*.blkio_config': notApplied('blkio_config', NO_FIELD, ({ blockIo }) => blockIo),
  'services.*.cgroup_parent': notApplied('cgroup_parent', NO_FIELD, ({ cgroupParent }) => cgroupParent),
  'services.*.cgroup': notApplied('cgroup', NO_FIELD, ({ namespaces }) => namespaces.cgroup),
  'services.*.device_cgroup_rules': impossible(
    'device_cgroup_rules',
    `have no field in a service of a swarm: remove them`,
    ({ security }) => security.deviceCgroupRules,
  ),
  'services.*.devices': impossible(
    'devices',
    'are of one machine: have the nodes offer them as `generic_resources`',
    ({ devices }) => devices,
  ),
  'services.*.gpus': impossible(
    'gpus',
    'are given out as `generic_resources` on a swarm: ask for those',
    ({ gpus }) => gpus,
  ),
  'services.*.privileged': impossible(
    'privileged',
    `${NO_FIELD}: remove it`,
    ({ security }) => security.privileged,
  ),
  'services.*.ipc': impossible('ipc', `${NO_FIELD}: remove it`, ({ namespaces: { ipc } }) => isShared(ipc)),
  'services.*.pid': impossible('pid', `${NO_FIELD}: remove it`, ({ namespaces: { pid } }) => isShared(pid)),
  'services.*.uts': impossible('uts', `${NO_FIELD}: remove it`, ({ namespaces: { uts } }) => isShared(uts)),
  'services.*.userns_mode': impossible('userns_mode', `${NO_FIELD}: remove it`, ({ namespaces: { user } }) =>
    isShared(user),
  ),
  'services.*.security_opt': becomes('ContainerSpec.Privileges', {
    NOT_ON_SWARM: 'error',
    NOT_ALLOWED: 'policy',
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.sysctls': becomes('ContainerSpec.Sysctls', { NOT_ALLOWED: 'policy' }),
} as const

const STORAGE_ROWS = {
  'services.*.volumes': becomes('ContainerSpec.Mounts; files of the request: configs', {
    NOT_ON_SWARM: 'error',
    NOT_ON_DOCKER: 'error',
    NOT_ALLOWED: 'policy',
    FILE_NOT_SENT: 'error',
    FILES_READ_ONLY: 'map+warn',
    OBJECT_TOO_LARGE: 'error',
    ANONYMOUS_VOLUME: 'map+info',
    VOLUME_NOT_MADE: 'map+info',
  }),
  'services.*.volumes[].tmpfs': becomes('a mount of type tmpfs', { NOT_APPLIED: 'map+warn' }),
  'services.*.tmpfs': becomes('a mount of type tmpfs', { NOT_APPLIED: 'map+warn' }),
  'services.*.shm_size': becomes('a mount of type tmpfs at /dev/shm', {}),
  'services.*.volumes_from': becomes('the mounts of the other service', {
    NOT_ON_SWARM: 'error',
    VOLUME_NOT_SHARED: 'map+warn',
  }),
  'services.*.storage_opt': notApplied('storage_opt', NO_FIELD, ({ storageOptions }) => storageOptions),
} as const

const DEPLOY_ROWS = {
  'services.*.deploy.mode': becomes('Mode', {}),
  'services.*.deploy.endpoint_mode': becomes('EndpointSpec.Mode', { ENDPOINT_BY_DNS: 'map+info' }),
  'services.*.deploy.replicas': becomes('Mode.Replicated.Replicas', {}),
  'services.*.scale': becomes('as deploy.replicas', {}),
  'services.*.deploy.labels': becomes('Labels of the service', {}),
  'services.*.deploy.placement': becomes('Placement', {}),
  'services.*.deploy.placement.constraints': becomes('Placement.Constraints', {}),
  'services.*.deploy.placement.preferences': becomes('Placement.Preferences', {}),
  'services.*.deploy.placement.max_replicas_per_node': becomes('Placement.MaxReplicas', {}),
  'services.*.deploy.update_config': becomes('UpdateConfig', {}),
  'services.*.deploy.rollback_config': becomes('RollbackConfig', {}),
  'services.*.deploy.restart_policy.delay': becomes('RestartPolicy.Delay', {}),
  'services.*.deploy.restart_policy.window': becomes('RestartPolicy.Window', {}),
  'services.*.deploy.resources': becomes('Resources', { RESOURCES_NOT_ALLOWED: 'policy' }),
  'services.*.deploy.resources.reservations.cpus': becomes('Reservations.NanoCPUs', {}),
  'services.*.deploy.resources.reservations.devices': impossible(
    'deploy.resources.reservations.devices',
    'are given out as `generic_resources` on a swarm: ask for those',
    ({ resources }) => resources.reservations.devices,
  ),
  'services.*.deploy.resources.reservations.generic_resources': becomes('Reservations.GenericResources', {}),
} as const

const FILE = {
  FILE_NOT_SENT: 'error',
  VARIABLE_NOT_SET: 'error',
  OBJECT_TOO_LARGE: 'error',
  NOT_ON_SWARM: 'error',
  EXTERNAL_FILE: 'map+info',
} as const

const TOP_LEVEL_ROWS = {
  services: becomes('services of the swarm', {}),
  'configs.*': becomes('a config for each service that reads it', FILE),
  'secrets.*': becomes('a secret for each service that reads it', FILE),
  'networks.*.driver': becomes('Driver: an overlay', {
    BRIDGE_AS_OVERLAY: 'map+info',
    NOT_ON_SWARM: 'error',
  }),
  'networks.*.driver_opts': {
    becomes: 'nothing: an error, but for `encrypted`',
    remarks: { NOT_ON_SWARM: 'error' },
    saidOf: {
      code: 'NOT_ON_SWARM',
      why: 'is of no overlay that a system may have: remove it',
      where: ({ networks }: SystemSpec) =>
        Object.entries(networks).flatMap(([name, { driverOptions }]) =>
          Object.keys(driverOptions)
            .filter((option) => option !== 'encrypted')
            .map((option) => `networks.${name}.driver_opts.${option}`),
        ),
    },
  },
  'networks.*.attachable': becomes('nothing: only the tasks of the system join it', {
    NO_EFFECT: 'ignore+info',
  }),
} as const satisfies Record<string, Row>

export const dispositions = {
  ...ofEngine,
  ...RUN_ROWS,
  ...NETWORK_ROWS,
  ...STORAGE_ROWS,
  ...MACHINE_ROWS,
  ...DEPLOY_ROWS,
  ...TOP_LEVEL_ROWS,
} satisfies Record<string, Row>

export type Code = CodeOf<typeof dispositions>

export const { remark, dispositionOf, rowOf, checkSaid } = createTable(dispositions)

function isShared(namespace: ServiceSpec['namespaces']['ipc']): boolean {
  return namespace !== null && !['own', 'shareable'].includes(namespace.kind)
}
