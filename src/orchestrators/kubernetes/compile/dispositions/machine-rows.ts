// What a service may do and use on the machine.
import { becomes, impossible, notApplied } from './row.ts'

const NO_FIELD = 'has no field in a pod'
const NAMESPACE = { NOT_ON_KUBERNETES: 'error', NOT_ALLOWED: 'policy' } as const
/** With `service:x` two services are one pod. */
const SHARED = {
  ...NAMESPACE,
  POD_DISAGREES: 'error',
  NAME_NOT_SERVED: 'map+warn',
} as const

export const MACHINE_ROWS = {
  'services.*.cpus': becomes('as deploy.resources.limits.cpus', {}),
  'services.*.mem_limit': becomes('as deploy.resources.limits.memory', {}),
  'services.*.mem_reservation': becomes('as deploy.resources.reservations.memory', {}),
  'services.*.pids_limit': becomes('as deploy.resources.limits.pids', { PIDS_LIMIT_IGNORED: 'map+warn' }),
  'services.*.cpu_shares': becomes('resources.requests.cpu, 1024 a core', {
    CPU_SHARES_RESERVED: 'map+info',
  }),
  'services.*.cpu_quota': becomes('resources.limits.cpu, with cpu_period', {}),
  'services.*.cpu_period': becomes('resources.limits.cpu, with cpu_quota', {}),
  'services.*.cpu_count': notApplied('cpu_count', NO_FIELD, ({ cpu }) => cpu.count),
  'services.*.cpu_percent': notApplied('cpu_percent', NO_FIELD, ({ cpu }) => cpu.percent),
  'services.*.cpu_rt_period': notApplied('cpu_rt_period', NO_FIELD, ({ cpu }) => cpu.realtimePeriodUs),
  'services.*.cpu_rt_runtime': notApplied('cpu_rt_runtime', NO_FIELD, ({ cpu }) => cpu.realtimeRuntimeUs),
  'services.*.cpuset': notApplied('cpuset', NO_FIELD, ({ cpu }) => cpu.set),
  'services.*.memswap_limit': notApplied(
    'memswap_limit',
    'is a setting of the node',
    ({ memory, resources }) => memory.swapBytes !== resources.limits.memoryBytes && memory.swapBytes,
  ),
  'services.*.mem_swappiness': notApplied(
    'mem_swappiness',
    'is a setting of the node',
    ({ memory }) => memory.swappiness,
  ),
  'services.*.oom_kill_disable': notApplied(
    'oom_kill_disable',
    NO_FIELD,
    ({ memory }) => memory.oomKillDisable,
  ),
  'services.*.oom_score_adj': notApplied(
    'oom_score_adj',
    'follows from limits and reservations',
    ({ memory }) => memory.oomScoreAdjustment,
  ),
  'services.*.blkio_config': notApplied('blkio_config', NO_FIELD, ({ blockIo }) => blockIo),
  'services.*.ulimits': notApplied('ulimits', NO_FIELD, ({ ulimits }) => ulimits),
  'services.*.cgroup_parent': notApplied('cgroup_parent', NO_FIELD, ({ cgroupParent }) => cgroupParent),
  'services.*.cgroup': notApplied('cgroup', NO_FIELD, ({ namespaces }) => namespaces.cgroup),
  'services.*.device_cgroup_rules': notApplied(
    'device_cgroup_rules',
    'have no field in a pod',
    ({ security }) => security.deviceCgroupRules,
  ),
  'services.*.sysctls': becomes('securityContext.sysctls of the pod', {
    NOT_ALLOWED: 'policy',
    SYSCTL_OF_NODES: 'map+warn',
    POD_DISAGREES: 'error',
  }),
  'services.*.devices': impossible(
    'devices',
    'are of one machine, and the operator gives none of them a name in the cluster: remove them',
    ({ devices }) => devices,
  ),
  'services.*.gpus': becomes('resources.limits of an extended resource', {
    NOT_ON_KUBERNETES: 'error',
    DEVICE_COUNT_REQUIRED: 'error',
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.privileged': becomes('securityContext.privileged', { NOT_ALLOWED: 'policy' }),
  'services.*.cap_add': becomes('securityContext.capabilities.add', { NOT_ALLOWED: 'policy' }),
  'services.*.cap_drop': becomes('securityContext.capabilities.drop', {}),
  'services.*.security_opt': becomes('securityContext', {
    PROFILE_OF_NODES: 'map+warn',
    NOT_ON_KUBERNETES: 'error',
    NOT_ALLOWED: 'policy',
  }),
  'services.*.read_only': becomes('securityContext.readOnlyRootFilesystem', {}),
  'services.*.ipc': becomes("the pod's own namespace; `service:x`: a container of its pod", SHARED),
  'services.*.pid': becomes(
    "the pod's own namespace; `service:x`: a container of its pod, with shareProcessNamespace",
    SHARED,
  ),
  'services.*.uts': becomes("the pod's own namespace", {
    NOT_ON_KUBERNETES: 'error',
  }),
  'services.*.userns_mode': becomes("the node's namespace; hostUsers", NAMESPACE),
} as const
