// Copies of a service: how many, where, and how they are replaced.
import { becomes, impossible, noEffect, notApplied } from './row.ts'

const ONE_MACHINE = 'an engine is one machine'

export const DEPLOY_ROWS = {
  'services.*.deploy': becomes('what its keys become', {}),
  'services.*.deploy.mode': becomes('one container for `global`, and as many as copies otherwise', {}),
  'services.*.deploy.endpoint_mode': noEffect(
    'deploy.endpoint_mode',
    "DNS gives the containers' addresses",
    ({ deploy }) => deploy.endpointMode === 'vip',
  ),
  'services.*.deploy.replicas': becomes('as many containers', { NO_COPIES: 'map+info' }),
  'services.*.deploy.labels': noEffect(
    'deploy.labels',
    'they are of the service, and here there are only its containers: use `labels`',
    ({ deploy }) => deploy.labels,
  ),
  'services.*.deploy.placement': becomes('nothing: an engine is one machine', {}),
  'services.*.deploy.placement.constraints': noEffect(
    'deploy.placement.constraints',
    ONE_MACHINE,
    ({ deploy }) => deploy.placement.constraints,
  ),
  'services.*.deploy.placement.preferences': noEffect(
    'deploy.placement.preferences',
    ONE_MACHINE,
    ({ deploy }) => deploy.placement.spread,
  ),
  'services.*.deploy.placement.max_replicas_per_node': notApplied(
    'deploy.placement.max_replicas_per_node',
    'leaves no room for all copies on the one machine that an engine is',
    ({ deploy, replicas }) =>
      deploy.placement.maxReplicasPerNode !== null && replicas > deploy.placement.maxReplicasPerNode,
  ),
  'services.*.deploy.update_config': becomes('one container after the other is made anew', {
    NOT_APPLIED: 'map+warn',
    NO_EFFECT: 'ignore+info',
  }),
  'services.*.deploy.rollback_config': noEffect(
    'deploy.rollback_config',
    'an update that fails returns as the request asks',
    ({ deploy }) => deploy.rollback,
  ),
  'services.*.deploy.restart_policy': becomes('as restart', {}),
  'services.*.deploy.restart_policy.delay': notApplied(
    'deploy.restart_policy.delay',
    'is the choice of the engine, which waits longer each time',
    ({ deploy }) => deploy.restartDelayMs,
  ),
  'services.*.deploy.restart_policy.window': notApplied(
    'deploy.restart_policy.window',
    'is the choice of the engine',
    ({ deploy }) => deploy.restartWindowMs,
  ),
  'services.*.deploy.resources': becomes('fields of HostConfig', { RESOURCES_NOT_ALLOWED: 'policy' }),
  'services.*.deploy.resources.limits.cpus': becomes('NanoCpus', {}),
  'services.*.deploy.resources.limits.memory': becomes('Memory', {}),
  'services.*.deploy.resources.limits.pids': becomes('PidsLimit', {}),
  'services.*.deploy.resources.reservations.cpus': becomes('CpuShares, 1024 a core', {
    CPUS_AS_SHARES: 'map+info',
  }),
  'services.*.deploy.resources.reservations.memory': becomes('MemoryReservation', {}),
  'services.*.deploy.resources.reservations.devices': becomes('DeviceRequests', {}),
  'services.*.deploy.resources.reservations.generic_resources': impossible(
    'deploy.resources.reservations.generic_resources',
    'are of a swarm: remove them',
    ({ resources }) => resources.reservations.genericResources,
  ),
} as const
