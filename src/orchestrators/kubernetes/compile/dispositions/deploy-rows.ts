// Copies of a service: how many, where, and how they are replaced.
import { becomes, impossible, noEffect, notApplied } from './row.ts'

export const DEPLOY_ROWS = {
  'services.*.deploy': becomes('what its keys become', {}),
  'services.*.deploy.mode': becomes('the kind of the workload: a DaemonSet for `global`', {
    NOT_ON_KUBERNETES: 'error',
    CONTROLLER_IGNORED: 'map+warn',
  }),
  'services.*.deploy.endpoint_mode': noEffect(
    'deploy.endpoint_mode',
    "DNS gives the pods' addresses",
    ({ deploy }) => deploy.endpointMode === 'vip',
  ),
  'services.*.deploy.replicas': becomes(
    'replicas of the Deployment or StatefulSet; Job parallelism and completions',
    {},
  ),
  'services.*.deploy.labels': becomes('labels of the workload and the V1Service', {
    LABEL_IGNORED: 'map+warn',
    LABEL_AS_ANNOTATION: 'map+info',
    INVALID_KOMPOSE_LABEL: 'error',
  }),
  'services.*.deploy.placement.constraints': becomes('nodeAffinity', { INVALID_PLACEMENT: 'error' }),
  'services.*.deploy.placement.preferences': becomes('topologySpreadConstraints', {
    INVALID_PLACEMENT: 'error',
  }),
  'services.*.deploy.placement.max_replicas_per_node': becomes(
    'podAntiAffinity; topologySpreadConstraints for more than one',
    { MAX_REPLICAS_INEXACT: 'map+warn' },
  ),
  'services.*.deploy.placement': becomes('what its keys become', {}),
  'services.*.deploy.update_config': becomes('the strategy of the workload', {
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.deploy.update_config.order': becomes('maxSurge and maxUnavailable of the strategy', {
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.deploy.update_config.parallelism': becomes('maxSurge and maxUnavailable of the strategy', {
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.deploy.update_config.delay': becomes('minReadySeconds', { DURATION_ROUNDED: 'map+info' }),
  'services.*.deploy.update_config.monitor': becomes('minReadySeconds', {
    DURATION_ROUNDED: 'map+info',
    MONITOR_DELAYS: 'map+info',
  }),
  'services.*.deploy.update_config.failure_action': becomes('pause: an update stops where it fails', {
    NOT_APPLIED: 'map+warn',
    NO_EFFECT: 'ignore+info',
  }),
  'services.*.deploy.update_config.max_failure_ratio': becomes('nothing: a warning', {
    NOT_APPLIED: 'map+warn',
  }),
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
  'services.*.deploy.resources': becomes('resources of the container', { RESOURCES_NOT_ALLOWED: 'policy' }),
  'services.*.deploy.resources.limits.cpus': becomes('resources.limits.cpu', {}),
  'services.*.deploy.resources.limits.memory': becomes('resources.limits.memory', {}),
  'services.*.deploy.resources.limits.pids': becomes('nothing: a setting of the node', {
    PIDS_LIMIT_IGNORED: 'map+warn',
  }),
  'services.*.deploy.resources.reservations.cpus': becomes('resources.requests.cpu', {}),
  'services.*.deploy.resources.reservations.memory': becomes('resources.requests.memory', {}),
  'services.*.deploy.resources.reservations.devices': becomes('resources.limits of an extended resource', {
    NOT_ON_KUBERNETES: 'error',
    DEVICE_COUNT_REQUIRED: 'error',
    NOT_APPLIED: 'map+warn',
  }),
  'services.*.deploy.resources.reservations.generic_resources': impossible(
    'deploy.resources.reservations.generic_resources',
    'have no name in the cluster that the operator gives: remove them',
    ({ resources }) => resources.reservations.genericResources,
  ),
} as const
