// Copies of a service: how many, where, and how they are replaced.
import { becomes, impossible, noEffect, notApplied, notYet } from './row.ts'

export const DEPLOY_ROWS = {
  'services.*.deploy': becomes('what its keys become', {}),
  'services.*.deploy.mode': becomes('the kind of the workload', {
    NOT_SUPPORTED_YET: 'error',
    NOT_ON_KUBERNETES: 'error',
  }),
  'services.*.deploy.endpoint_mode': noEffect(
    'deploy.endpoint_mode',
    "DNS gives the pods' addresses",
    ({ deploy }) => deploy.endpointMode === 'vip',
  ),
  'services.*.deploy.replicas': becomes('Deployment replicas; Job parallelism and completions', {}),
  'services.*.deploy.labels': notYet(
    'deploy.labels',
    'labels of the workload and the V1Service',
    ({ deploy }) => deploy.labels,
  ),
  'services.*.deploy.placement.constraints': notYet(
    'deploy.placement.constraints',
    'nodeAffinity',
    ({ deploy }) => deploy.placement.constraints,
  ),
  'services.*.deploy.placement.preferences': notYet(
    'deploy.placement.preferences',
    'topologySpreadConstraints',
    ({ deploy }) => deploy.placement.spread,
  ),
  'services.*.deploy.placement.max_replicas_per_node': notYet(
    'deploy.placement.max_replicas_per_node',
    'podAntiAffinity',
    ({ deploy }) => deploy.placement.maxReplicasPerNode,
  ),
  'services.*.deploy.placement': becomes('what its keys become', {}),
  'services.*.deploy.update_config': notYet(
    'deploy.update_config',
    'the strategy of the Deployment',
    ({ deploy }) => deploy.update,
  ),
  'services.*.deploy.rollback_config': noEffect(
    'deploy.rollback_config',
    'an update that fails returns as the request asks',
    ({ deploy }) => deploy.rollback,
  ),
  'services.*.deploy.restart_policy': becomes('as restart', {}),
  'services.*.deploy.restart_policy.condition': becomes('as restart', {}),
  'services.*.deploy.restart_policy.max_attempts': becomes('Job backoffLimit', {}),
  'services.*.deploy.restart_policy.delay': notApplied(
    'deploy.restart_policy.delay',
    'is the choice of the node, which waits longer each time',
    ({ deploy }) => deploy.restartDelayMs,
  ),
  'services.*.deploy.restart_policy.window': notApplied(
    'deploy.restart_policy.window',
    'is the choice of the node',
    ({ deploy }) => deploy.restartWindowMs,
  ),
  'services.*.deploy.resources': becomes('resources of the container', {}),
  'services.*.deploy.resources.limits.cpus': becomes('resources.limits.cpu', {}),
  'services.*.deploy.resources.limits.memory': becomes('resources.limits.memory', {}),
  'services.*.deploy.resources.limits.pids': becomes('nothing: a setting of the node', {
    PIDS_LIMIT_IGNORED: 'map+warn',
  }),
  'services.*.deploy.resources.reservations.cpus': becomes('resources.requests.cpu', {}),
  'services.*.deploy.resources.reservations.memory': becomes('resources.requests.memory', {}),
  'services.*.deploy.resources.reservations.devices': notYet(
    'deploy.resources.reservations.devices',
    'resources.limits of an extended resource',
    ({ resources }) => resources.reservations.devices,
  ),
  'services.*.deploy.resources.reservations.generic_resources': impossible(
    'deploy.resources.reservations.generic_resources',
    'have no name in the cluster that the operator gives: remove them',
    ({ resources }) => resources.reservations.genericResources,
  ),
} as const
