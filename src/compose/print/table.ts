// What is not printed as it stands in the canonical tree.
import { printExtraHosts, printSsh, printText } from './printed-maps.ts'
import type { Print, PrintedRow } from './printed-row.ts'
import {
  printAsIs,
  printBytes,
  printCount,
  printDuration,
  printMode,
  printNumber,
  printPullPolicy,
} from './printed-values.ts'

const SERVICE = 'services.*'
const DEPLOY = `${SERVICE}.deploy`
const BUILD = `${SERVICE}.build`
const BLKIO = `${SERVICE}.blkio_config`

function rows(about: string, print: Print, paths: readonly string[]): PrintedRow[] {
  return paths.map((path) => ({ path, about, print }))
}

const DURATIONS = [
  ...['interval', 'timeout', 'start_period', 'start_interval'].map((key) => `${SERVICE}.healthcheck.${key}`),
  `${SERVICE}.stop_grace_period`,
  ...['update_config', 'rollback_config'].flatMap((key) => [
    `${DEPLOY}.${key}.delay`,
    `${DEPLOY}.${key}.monitor`,
  ]),
  `${DEPLOY}.restart_policy.delay`,
  `${DEPLOY}.restart_policy.window`,
]

const SIZES = [
  ...[
    'mem_limit',
    'mem_reservation',
    'memswap_limit',
    'shm_size',
    'volumes[].tmpfs.size',
    'build.shm_size',
  ].map((key) => `${SERVICE}.${key}`),
  `${SERVICE}.mem_swappiness`,
  `${DEPLOY}.resources.limits.memory`,
  `${DEPLOY}.resources.reservations.memory`,
  ...['read_bps', 'read_iops', 'write_bps', 'write_iops'].map((key) => `${BLKIO}.device_${key}[].rate`),
]

const MODES = ['configs[]', 'secrets[]', 'build.secrets[]', 'volumes[].tmpfs'].map(
  (key) => `${SERVICE}.${key}.mode`,
)

/** Names without a value; variables keep theirs apart, for they take the caller's. */
const TEXT_MAPS = [
  ...[
    'labels',
    'annotations',
    'sysctls',
    'deploy.labels',
    'build.labels',
    'logging.options',
    'storage_opt',
  ].map((key) => `${SERVICE}.${key}`),
  `${SERVICE}.volumes[].volume.labels`,
  `${SERVICE}.networks.*.driver_opts`,
  `${SERVICE}.gpus[].options`,
  `${DEPLOY}.resources.reservations.devices[].options`,
  ...['networks', 'volumes', 'configs', 'secrets'].flatMap((key) => [
    `${key}.*.labels`,
    `${key}.*.driver_opts`,
  ]),
]

/** Unlike others, these have a default that is not false, or none. */
const KEPT_WHEN_FALSE = [
  `${SERVICE}.init`,
  `${SERVICE}.attach`,
  `${SERVICE}.depends_on.*.required`,
  `${SERVICE}.volumes[].bind.create_host_path`,
  'networks.*.enable_ipv4',
  'networks.*.enable_ipv6',
]

/** Parts that the model has as they are. */
const AS_THEY_ARE = [
  `${SERVICE}.develop.watch[].initial_sync`,
  `${SERVICE}.develop.watch[].exec.privileged`,
  `${SERVICE}.provider.options.*`,
]

export const PRINTED: readonly PrintedRow[] = [
  ...rows('durations as Go has them', printDuration, DURATIONS),
  ...rows('sizes in bytes', printBytes, SIZES),
  ...rows('permission bits as a number', printMode, MODES),
  ...rows('all devices are -1', printCount, [
    `${SERVICE}.gpus[].count`,
    `${DEPLOY}.resources.reservations.devices[].count`,
  ]),
  ...rows('the older word for a policy', printPullPolicy, [`${SERVICE}.pull_policy`]),
  ...rows('times in microseconds are numbers', printNumber, [
    `${SERVICE}.cpu_rt_period`,
    `${SERVICE}.cpu_rt_runtime`,
  ]),
  ...rows('hosts are a list', printExtraHosts, [`${SERVICE}.extra_hosts`, `${BUILD}.extra_hosts`]),
  ...rows('agents are a list', printSsh, [`${BUILD}.ssh`]),
  ...rows(
    'a name without a value is empty',
    printText,
    TEXT_MAPS.map((path) => `${path}.*`),
  ),
  ...rows('false is said', printAsIs, KEPT_WHEN_FALSE),
  ...rows('as it is', printAsIs, AS_THEY_ARE),
]
