// The keys of `deploy` (specification, "Compose Deploy Specification").
import { type KeyRow, read, readAll, textMap, texts } from './key-row.ts'
import { deviceRequests } from './machine-keys.ts'

const DEPLOY = 'services.*.deploy'
const RESOURCES = `${DEPLOY}.resources`

const ROLLOUTS: readonly KeyRow[] = [`${DEPLOY}.update_config`, `${DEPLOY}.rollback_config`].flatMap(
  (path) => [
    read(path, 'map'),
    read(`${path}.parallelism`, 'integer'),
    ...readAll(path, ['delay', 'failure_action', 'monitor', 'order'], 'text'),
    read(`${path}.max_failure_ratio`, 'number'),
  ],
)

const PLACEMENT: readonly KeyRow[] = [
  read(`${DEPLOY}.placement`, 'map'),
  ...texts(`${DEPLOY}.placement.constraints`),
  read(`${DEPLOY}.placement.preferences`, 'list'),
  read(`${DEPLOY}.placement.preferences[]`, 'map'),
  read(`${DEPLOY}.placement.preferences[].spread`, 'text'),
  read(`${DEPLOY}.placement.max_replicas_per_node`, 'integer'),
]

const RESOURCE_KEYS: readonly KeyRow[] = [
  read(RESOURCES, 'map'),
  read(`${RESOURCES}.limits`, 'map'),
  read(`${RESOURCES}.limits.cpus`, 'number'),
  read(`${RESOURCES}.limits.memory`, 'text'),
  read(`${RESOURCES}.limits.pids`, 'integer'),
  read(`${RESOURCES}.reservations`, 'map'),
  read(`${RESOURCES}.reservations.cpus`, 'number'),
  read(`${RESOURCES}.reservations.memory`, 'text'),
  read(`${RESOURCES}.reservations.devices`, 'list'),
  ...deviceRequests(`${RESOURCES}.reservations.devices`),
  read(`${RESOURCES}.reservations.generic_resources`, 'list'),
  read(`${RESOURCES}.reservations.generic_resources[]`, 'map'),
  read(`${RESOURCES}.reservations.generic_resources[].discrete_resource_spec`, 'map'),
  read(`${RESOURCES}.reservations.generic_resources[].discrete_resource_spec.kind`, 'text'),
  read(`${RESOURCES}.reservations.generic_resources[].discrete_resource_spec.value`, 'number'),
]

export const DEPLOY_KEYS: readonly KeyRow[] = [
  read(DEPLOY, 'map', 'null'),
  ...readAll(DEPLOY, ['mode', 'endpoint_mode'], 'text'),
  read(`${DEPLOY}.replicas`, 'integer'),
  ...textMap(`${DEPLOY}.labels`),
  ...PLACEMENT,
  ...ROLLOUTS,
  read(`${DEPLOY}.restart_policy`, 'map'),
  ...readAll(`${DEPLOY}.restart_policy`, ['condition', 'delay', 'window'], 'text'),
  read(`${DEPLOY}.restart_policy.max_attempts`, 'integer'),
  ...RESOURCE_KEYS,
]
