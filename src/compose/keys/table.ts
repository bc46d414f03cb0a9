// Every key of the Compose specification (compose-spec.json: top level, services, and below the keys that are read) and
// what becomes of it. The code runs on this table: a key without a row is unknown.
import { type KeyRow, later, read } from './key-row.ts'

const TOP_LEVEL: readonly KeyRow[] = [
  {
    path: 'version',
    fate: 'noted',
    forms: ['text', 'number'],
    note: '`version` is obsolete and has no effect: remove it.',
  },
  read('name', 'text'),
  read('services', 'map'),
  read('services.*', 'map'),
  ...later('', 'include', 'networks', 'volumes', 'configs', 'secrets', 'models'),
]

const SERVICE: readonly KeyRow[] = [
  read('services.*.image', 'text'),
  read('services.*.command', 'text', 'list', 'null'),
  read('services.*.command[]', 'text'),
  read('services.*.entrypoint', 'text', 'list', 'null'),
  read('services.*.entrypoint[]', 'text'),
  read('services.*.environment', 'map', 'list'),
  read('services.*.environment.*', 'text', 'number', 'boolean', 'null'),
  read('services.*.environment[]', 'text'),
  read('services.*.expose', 'list'),
  read('services.*.expose[]', 'text', 'number'),
  read('services.*.restart', 'text'),
  read('services.*.scale', 'integer'),
]

const PORTS: readonly KeyRow[] = [
  read('services.*.ports', 'list'),
  read('services.*.ports[]', 'text', 'number', 'map'),
  read('services.*.ports[].target', 'integer'),
  read('services.*.ports[].published', 'text', 'integer'),
  read('services.*.ports[].host_ip', 'text'),
  read('services.*.ports[].protocol', 'text'),
  read('services.*.ports[].app_protocol', 'text'),
  read('services.*.ports[].mode', 'text'),
  read('services.*.ports[].name', 'text'),
]

const DEPENDS_ON: readonly KeyRow[] = [
  read('services.*.depends_on', 'list', 'map'),
  read('services.*.depends_on[]', 'text'),
  read('services.*.depends_on.*', 'map'),
  read('services.*.depends_on.*.condition', 'text'),
  read('services.*.depends_on.*.restart', 'boolean'),
  read('services.*.depends_on.*.required', 'boolean'),
]

const HEALTHCHECK: readonly KeyRow[] = [
  read('services.*.healthcheck', 'map'),
  read('services.*.healthcheck.test', 'text', 'list'),
  read('services.*.healthcheck.test[]', 'text'),
  read('services.*.healthcheck.interval', 'text'),
  read('services.*.healthcheck.timeout', 'text'),
  read('services.*.healthcheck.retries', 'integer'),
  read('services.*.healthcheck.start_period', 'text'),
  read('services.*.healthcheck.start_interval', 'text'),
  read('services.*.healthcheck.disable', 'boolean'),
]

const DEPLOY: readonly KeyRow[] = [
  read('services.*.deploy', 'map', 'null'),
  read('services.*.deploy.replicas', 'integer'),
  read('services.*.deploy.resources', 'map'),
  read('services.*.deploy.resources.limits', 'map'),
  read('services.*.deploy.resources.limits.cpus', 'number'),
  read('services.*.deploy.resources.limits.memory', 'text'),
  read('services.*.deploy.resources.limits.pids', 'integer'),
  read('services.*.deploy.resources.reservations', 'map'),
  read('services.*.deploy.resources.reservations.cpus', 'number'),
  read('services.*.deploy.resources.reservations.memory', 'text'),
  ...later('services.*.deploy.resources.reservations', 'devices', 'generic_resources'),
  ...later('services.*.deploy', 'mode', 'endpoint_mode', 'labels', 'placement'),
  ...later('services.*.deploy', 'update_config', 'rollback_config', 'restart_policy'),
]

const SERVICE_LATER: readonly KeyRow[] = [
  ...['build', 'develop', 'platform', 'pull_policy', 'pull_refresh_after', 'provider', 'extends', 'profiles'],
  ...[
    'container_name',
    'hostname',
    'domainname',
    'labels',
    'label_file',
    'annotations',
    'env_file',
    'models',
  ],
  ...['networks', 'network_mode', 'links', 'external_links', 'extra_hosts', 'dns', 'dns_opt', 'dns_search'],
  ...['mac_address', 'volumes', 'volumes_from', 'tmpfs', 'shm_size', 'configs', 'secrets', 'storage_opt'],
  ...['cpus', 'cpu_count', 'cpu_percent', 'cpu_period', 'cpu_quota', 'cpu_rt_period', 'cpu_rt_runtime'],
  ...[
    'cpu_shares',
    'cpuset',
    'mem_limit',
    'mem_reservation',
    'mem_swappiness',
    'memswap_limit',
    'pids_limit',
  ],
  ...['blkio_config', 'oom_kill_disable', 'oom_score_adj', 'ulimits', 'sysctls', 'gpus', 'devices'],
  ...['device_cgroup_rules', 'cgroup', 'cgroup_parent', 'cap_add', 'cap_drop', 'privileged', 'security_opt'],
  ...['read_only', 'user', 'group_add', 'userns_mode', 'uts', 'ipc', 'pid', 'isolation', 'credential_spec'],
  ...['runtime', 'init', 'stdin_open', 'tty', 'working_dir', 'stop_signal', 'stop_grace_period', 'attach'],
  ...['logging', 'post_start', 'pre_start', 'pre_stop', 'use_api_socket'],
].flatMap((key) => later('services.*', key))

export const KEYS: readonly KeyRow[] = [
  ...TOP_LEVEL,
  ...SERVICE,
  ...PORTS,
  ...DEPENDS_ON,
  ...HEALTHCHECK,
  ...DEPLOY,
  ...SERVICE_LATER,
]
