// The keys of a service that say what it may do and use on the machine.
import { type KeyRow, read, readAll, textMap, texts } from './key-row.ts'

const SERVICE = 'services.*'
const BLKIO = `${SERVICE}.blkio_config`

export function ulimits(path: string): KeyRow[] {
  return [
    read(path, 'map'),
    read(`${path}.*`, 'integer', 'map'),
    read(`${path}.*.soft`, 'integer'),
    read(`${path}.*.hard`, 'integer'),
  ]
}

/** Devices by their abilities: `gpus`, and the reservations of `deploy`. */
export function deviceRequests(path: string): KeyRow[] {
  return [
    read(`${path}[]`, 'map'),
    ...texts(`${path}[].capabilities`),
    ...texts(`${path}[].device_ids`),
    read(`${path}[].count`, 'text', 'integer'),
    read(`${path}[].driver`, 'text'),
    ...textMap(`${path}[].options`),
  ]
}

const CPU_AND_MEMORY: readonly KeyRow[] = [
  ...readAll(SERVICE, ['cpus', 'cpu_shares', 'cpu_quota', 'cpu_period', 'cpu_percent'], 'number'),
  ...readAll(SERVICE, ['cpu_rt_period', 'cpu_rt_runtime'], 'text', 'number'),
  ...readAll(SERVICE, ['cpu_count', 'mem_swappiness', 'oom_score_adj', 'pids_limit'], 'integer'),
  read(`${SERVICE}.cpuset`, 'text'),
  ...readAll(SERVICE, ['mem_limit', 'mem_reservation', 'memswap_limit'], 'text', 'number'),
  read(`${SERVICE}.oom_kill_disable`, 'boolean'),
]

const BLOCK_IO: readonly KeyRow[] = [
  read(BLKIO, 'map'),
  read(`${BLKIO}.weight`, 'integer'),
  read(`${BLKIO}.weight_device`, 'list'),
  read(`${BLKIO}.weight_device[]`, 'map'),
  read(`${BLKIO}.weight_device[].path`, 'text'),
  read(`${BLKIO}.weight_device[].weight`, 'integer'),
  ...['device_read_bps', 'device_read_iops', 'device_write_bps', 'device_write_iops'].flatMap((key) => [
    read(`${BLKIO}.${key}`, 'list'),
    read(`${BLKIO}.${key}[]`, 'map'),
    read(`${BLKIO}.${key}[].path`, 'text'),
    read(`${BLKIO}.${key}[].rate`, 'text', 'integer'),
  ]),
]

const RIGHTS: readonly KeyRow[] = [
  ...['cap_add', 'cap_drop', 'security_opt', 'device_cgroup_rules'].flatMap((key) =>
    texts(`${SERVICE}.${key}`),
  ),
  ...readAll(SERVICE, ['privileged', 'read_only'], 'boolean'),
  ...readAll(SERVICE, ['cgroup', 'cgroup_parent', 'userns_mode', 'uts', 'ipc'], 'text'),
  read(`${SERVICE}.pid`, 'text', 'null'),
  ...textMap(`${SERVICE}.sysctls`),
  ...ulimits(`${SERVICE}.ulimits`),
]

export const MACHINE_KEYS: readonly KeyRow[] = [
  ...CPU_AND_MEMORY,
  ...BLOCK_IO,
  ...RIGHTS,
  read(`${SERVICE}.devices`, 'list'),
  read(`${SERVICE}.devices[]`, 'text', 'map'),
  ...readAll(`${SERVICE}.devices[]`, ['source', 'target', 'permissions'], 'text'),
  read(`${SERVICE}.gpus`, 'text', 'list'),
  ...deviceRequests(`${SERVICE}.gpus`),
]
