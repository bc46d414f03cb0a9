// One small file for every key of the specification.
import { segmentsOf } from '../../src/compose/keys/grammar.ts'
import type { Form, KeyRow } from '../../src/compose/keys/key-row.ts'

const SERVICE = 'services.*'
const MOUNT = `${SERVICE}.volumes[]`
const RESERVED = `${SERVICE}.deploy.resources.reservations`

function inAll(paths: readonly string[], value: unknown): Record<string, unknown> {
  return Object.fromEntries(paths.map((path) => [path, value]))
}

function below(parent: string, samples: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(samples).map(([key, value]) => [`${parent}.${key}`, value]))
}

/** Values that suit a key better than any value of its form. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  name: 'demo',
  services: { db: { image: 'redis' } },
  'services.*': { image: 'nginx' },
  include: ['base.yaml'],
  'include[]': 'base.yaml',
  'include[].path': 'base.yaml',
  'include[].path[]': 'base.yaml',
  'include[].env_file': 'some.env',
  'include[].env_file[]': 'some.env',
  'include[].project_directory': '.',
  networks: { net: { driver: 'macvlan' } },
  'networks.*': { driver: 'macvlan' },
  'networks.*.ipam': { driver: 'x' },
  'networks.*.ipam.config': [{ subnet: '10.5.0.0/16' }],
  'networks.*.ipam.config[]': { subnet: '10.5.0.0/16' },
  'networks.*.ipam.config[].aux_addresses': { a: '10.5.0.9' },
  'networks.*.ipam.options': { a: '1' },
  'networks.*.driver_opts': { a: '1' },
  'networks.*.labels': { a: '1' },
  'networks.*.labels[]': 'a=1',
  volumes: { db: {} },
  'volumes.*': {},
  configs: { db: { content: 'x' } },
  'configs.*': { content: 'x' },
  secrets: { db: { file: 'x' } },
  'secrets.*': { file: 'x' },
  models: { db: { model: 'm' } },
  'models.*': { model: 'm' },
  ...inAll(['networks.*.ipam.config[].subnet', 'networks.*.ipam.config[].ip_range'], '10.5.0.0/16'),
  ...below(SERVICE, {
    image: 'httpd',
    restart: 'always',
    scale: 2,
    platform: 'linux/arm64',
    pull_policy: 'weekly',
    pull_refresh_after: '1h',
    user: '1000:1000',
    group_add: ['1000'],
    'group_add[]': '1000',
    command: 'true',
    'command[]': 'true',
    entrypoint: 'true',
    'entrypoint[]': 'true',
    environment: { A: '1' },
    'environment[]': 'A=1',
    labels: { a: '1' },
    'labels[]': 'a=1',
    annotations: { a: '1' },
    'annotations[]': 'a=1',
    stop_signal: 'SIGINT',
    stop_grace_period: '1m',
    working_dir: '/work',
    container_name: 'other',
    profiles: ['all'],
    'profiles[]': 'all',
    extends: { service: 'base', file: 'base.yaml' },
    'extends.service': 'base',
    'credential_spec.config': 'db',
    'extends.file': 'base.yaml',
    env_file: 'some.env',
    'env_file[]': 'some.env',
    'env_file[].path': 'some.env',
    'env_file[].format': 'raw',
    label_file: 'some.labels',
    'label_file[]': 'some.labels',
    expose: ['80'],
    'expose[]': '80-81/udp',
    ports: [80],
    'ports[]': '8080:80',
    'ports[].target': 80,
    'ports[].published': '8080',
    'ports[].host_ip': '10.0.0.1',
    'ports[].protocol': 'udp',
    'ports[].mode': 'ingress',
    depends_on: ['db'],
    'depends_on[]': 'db',
    'depends_on.*': { condition: 'service_healthy' },
    'depends_on.*.condition': 'service_completed_successfully',
    healthcheck: { test: 'true' },
    'healthcheck.test': ['CMD', 'true'],
    'healthcheck.test[]': 'CMD-SHELL',
    'healthcheck.interval': '1m30s',
    'healthcheck.timeout': '5s',
    'healthcheck.start_period': '1s',
    'healthcheck.start_interval': '1s',
    networks: { net: { aliases: ['x'] } },
    'networks[]': 'net',
    'networks.*': { aliases: ['x'] },
    'networks.*.aliases': ['x'],
    'networks.*.link_local_ips': ['169.254.1.1'],
    'networks.*.ipv4_address': '10.5.0.2',
    'networks.*.ipv6_address': '2001:db8::2',
    'networks.*.mac_address': '02:42:ac:11:65:43',
    mac_address: '02:42:ac:11:65:43',
    network_mode: 'none',
    ipc: 'host',
    pid: 'host',
    uts: 'host',
    userns_mode: 'host',
    cgroup: 'host',
    links: ['db:cache'],
    'links[]': 'db:cache',
    external_links: ['cache'],
    extra_hosts: { db: '10.0.0.1' },
    'extra_hosts.*': '10.0.0.1',
    'extra_hosts.*[]': '10.0.0.1',
    'extra_hosts[]': 'db=10.0.0.1',
    dns: '10.0.0.1',
    dns_search: 'example.com',
    'dns_search[]': 'example.com',
    dns_opt: ['ndots:2'],
    'dns_opt[]': 'ndots:2',
    volumes: ['/x'],
    'volumes[]': '/x',
    volumes_from: ['db'],
    'volumes_from[]': 'db',
    tmpfs: '/x',
    'tmpfs[]': '/x',
    shm_size: '64m',
    configs: ['db'],
    'configs[]': 'db',
    secrets: ['db'],
    'secrets[]': 'db',
    models: ['db'],
    'models[]': 'db',
    cpu_quota: 50_000,
    cpu_period: 50_000,
    cpu_rt_period: '1400us',
    cpu_rt_runtime: 400,
    mem_limit: '64m',
    mem_reservation: '64m',
    memswap_limit: '64m',
    oom_kill_disable: true,
    'ulimits.*': 100,
    'sysctls.*': 1,
    'sysctls[]': 'net.core.somaxconn=1',
    sysctls: { 'net.ipv4.tcp_syncookies': 1 },
    ulimits: { nofile: 100 },
    gpus: 'all',
    'gpus[]': { driver: 'nvidia' },
    'devices[]': '/dev/a:/dev/b',
    cap_add: ['NET_ADMIN'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges'],
    'security_opt[]': 'no-new-privileges',
    device_cgroup_rules: ['c 1:3 mr'],
    devices: ['/dev/a'],
    runtime: 'runsc',
    storage_opt: { size: '1G' },
    'storage_opt.*': '1G',
    logging: { driver: 'none' },
    provider: { type: 'cloud' },
    develop: { watch: [] },
    pre_start: [{ command: 'true' }],
    post_start: [{ command: 'true' }],
    pre_stop: [{ command: 'true' }],
    build: '.',
    deploy: { replicas: 2 },
    'deploy.replicas': 2,
    'deploy.mode': 'replicated-job',
    'deploy.endpoint_mode': 'vip',
    'deploy.labels': { a: '1' },
    'deploy.placement': { constraints: ['node.role == manager'] },
    'deploy.placement.constraints': ['node.role == manager'],
    'deploy.placement.preferences': [{ spread: 'node.labels.zone' }],
    'deploy.placement.preferences[]': { spread: 'node.labels.zone' },
    'deploy.restart_policy': { condition: 'on-failure' },
    'deploy.restart_policy.condition': 'on-failure',
    'deploy.resources.limits.memory': '512M',
    'deploy.resources.reservations.memory': '1m',
    'deploy.resources': { limits: { cpus: 1 } },
    'deploy.resources.limits': { cpus: 1 },
    'deploy.resources.reservations': { cpus: 1 },
    'deploy.resources.reservations.devices': [{ capabilities: ['gpu'] }],
    'deploy.resources.reservations.generic_resources': [{ discrete_resource_spec: { kind: 'a', value: 1 } }],
    'blkio_config.weight': 100,
  }),
  ...inAll(
    ['update_config', 'rollback_config'].flatMap((key) => [
      `${SERVICE}.deploy.${key}.delay`,
      `${SERVICE}.deploy.${key}.monitor`,
    ]),
    '10s',
  ),
  ...inAll(
    ['update_config', 'rollback_config'].map((key) => `${SERVICE}.deploy.${key}.failure_action`),
    'pause',
  ),
  ...inAll(
    ['update_config', 'rollback_config'].map((key) => `${SERVICE}.deploy.${key}.order`),
    'start-first',
  ),
  ...inAll([`${SERVICE}.deploy.restart_policy.delay`, `${SERVICE}.deploy.restart_policy.window`], '10s'),
  ...inAll([`${RESERVED}.devices[].count`, `${SERVICE}.gpus[].count`], 1),
  ...inAll([`${RESERVED}.devices[]`], { capabilities: ['gpu'] }),
  ...below(MOUNT, {
    type: 'tmpfs',
    'bind.propagation': 'rslave',
    'bind.recursive': 'enabled',
    'bind.selinux': 'z',
    'tmpfs.size': '64m',
    'tmpfs.mode': '1777',
  }),
  ...inAll(
    [`${SERVICE}.configs[].source`, `${SERVICE}.secrets[].source`, `${SERVICE}.build.secrets[].source`],
    'db',
  ),
  ...inAll(
    [`${SERVICE}.configs[].mode`, `${SERVICE}.secrets[].mode`, `${SERVICE}.build.secrets[].mode`],
    '0440',
  ),
  ...inAll([`${SERVICE}.build.secrets[]`], 'db'),
  ...inAll([`${SERVICE}.build.shm_size`], '64m'),
  ...inAll([`${SERVICE}.build.extra_hosts.*`, `${SERVICE}.build.extra_hosts.*[]`], '10.0.0.1'),
  ...inAll([`${SERVICE}.build.extra_hosts[]`], 'db=10.0.0.1'),
  ...inAll([`${SERVICE}.devices[].permissions`], 'rw'),
  ...inAll([`${SERVICE}.develop.watch[].action`], 'rebuild'),
  ...inAll([`${SERVICE}.develop.watch[].exec`], { command: 'true' }),
  ...inAll([`${RESERVED}.generic_resources[]`], { discrete_resource_spec: { kind: 'a', value: 1 } }),
  ...inAll([`${RESERVED}.generic_resources[].discrete_resource_spec`], { kind: 'a', value: 1 }),
  ...inAll([`${SERVICE}.develop.watch[]`], { path: '.', action: 'rebuild' }),
  ...inAll(
    ['pre_start[]', 'post_start[]', 'pre_stop[]'].map((key) => `${SERVICE}.${key}`),
    { command: 'true' },
  ),
  ...inAll(
    ['device_read_bps', 'device_read_iops', 'device_write_bps', 'device_write_iops'].map(
      (key) => `${SERVICE}.blkio_config.${key}[].rate`,
    ),
    '1m',
  ),
}

const BY_FORM: Record<Form, unknown> = {
  text: 'text',
  integer: 1,
  number: 1,
  boolean: true,
  null: null,
  list: [],
  map: {},
}

/** What else must stand in a map for it to be whole. */
const COMPANIONS: Readonly<Record<string, Record<string, unknown>>> = {
  '': { services: {} },
  'services.*': { image: 'nginx' },
  'services.*.ports[]': { target: 80 },
  'services.*.depends_on.*': { condition: 'service_started' },
  'services.*.healthcheck': { test: 'true' },
  'services.*.extends': { service: 'base', file: 'base.yaml' },
  'services.*.env_file[]': { path: 'some.env' },
  'include[]': { path: 'base.yaml' },
  'configs.*': { content: 'x' },
  'secrets.*': { file: 'x' },
  'models.*': { model: 'm' },
  [MOUNT]: { type: 'tmpfs', target: '/x' },
  'services.*.devices[]': { source: '/dev/a' },
  'services.*.credential_spec': { file: 'x' },
  'services.*.provider': { type: 'cloud' },
  'services.*.develop.watch[]': { path: '.', action: 'rebuild' },
  'services.*.develop.watch[].exec': { command: 'true' },
  'services.*.ulimits.*': { soft: 1, hard: 1 },
  'services.*.build.ulimits.*': { soft: 1, hard: 1 },
  'services.*.deploy.restart_policy': { condition: 'on-failure' },
  [`${RESERVED}.devices[]`]: { capabilities: ['gpu'] },
  [`${RESERVED}.generic_resources[].discrete_resource_spec`]: { kind: 'a', value: 1 },
  ...(inAll(
    ['configs[]', 'secrets[]', 'build.secrets[]'].map((key) => `${SERVICE}.${key}`),
    { source: 'db' },
  ) as Record<string, Record<string, unknown>>),
  ...(inAll(
    ['pre_start[]', 'post_start[]', 'pre_stop[]'].map((key) => `${SERVICE}.${key}`),
    { command: 'true' },
  ) as Record<string, Record<string, unknown>>),
}

/** Sources of a config or secret, of which there is one. */
const SOURCES = new Set(['file', 'environment', 'content', 'external', 'driver'])

/** What a key says nothing without. */
const BESIDE: Readonly<Record<string, Record<string, unknown>>> = {
  'services.*.pull_refresh_after': { pull_policy: 'refresh' },
  'services.*.cpu_period': { cpu_quota: 50_000 },
  'services.*.deploy.restart_policy.max_attempts': { restart: 'no' },
}

/** How a service uses what a file has at its top level. */
const USES: Readonly<Record<string, Record<string, unknown>>> = {
  networks: { networks: ['net'] },
  volumes: { volumes: ['db:/x'] },
  configs: { configs: ['db'] },
  secrets: { secrets: ['db'] },
  models: { models: ['db'] },
}

/** Files beside the Compose file, for the keys that name some. */
export const FILES = {
  'some.env': 'A=1\n',
  'some.labels': 'a=1\n',
  'base.yaml': 'services: {base: {image: nginx, command: "true"}}\n',
}

/** What the files name at the top level. */
const SECTIONS = {
  networks: { net: {} },
  volumes: { db: {} },
  configs: { db: { content: 'x' } },
  secrets: { db: { file: 'x' } },
  models: { db: { model: 'm' } },
}

/** A file that has this key, and as little else as can be. */
export function fileWith(path: string, value: unknown): Record<string, unknown> {
  const made = nest(segmentsOf(path), '', value) as { services?: Record<string, unknown> }
  const section = path.split('.')[0] ?? ''
  const web =
    path === 'services.*'
      ? value
      : { image: 'nginx', ...USES[section], ...BESIDE[path], ...Object(made.services?.web) }
  const sections = Object.entries(SECTIONS).filter(([key]) => isNamedBy(path, key))
  return {
    ...Object.fromEntries(sections),
    ...made,
    services: { db: { image: 'redis' }, ...made.services, web },
  }
}

/** Whether a service names something of a section. */
function isNamedBy(path: string, section: string): boolean {
  if (path === 'services.*.credential_spec.config') return section === 'configs'
  return new RegExp(`^services\\.\\*\\.(build\\.)?${section}`).test(path)
}

function nest(segments: string[], path: string, value: unknown): unknown {
  const [first, ...rest] = segments
  if (first === undefined) return value
  const inside = first === '[]' ? `${path}[]` : path === '' ? first : `${path}.${first}`
  const inner = nest(rest, inside, value)
  if (first === '[]') return path.endsWith('.test') ? [inner, 'true'] : [inner]
  const name = first === '*' ? nameIn(path) : first
  const isSource = (path === 'configs.*' || path === 'secrets.*') && SOURCES.has(first)
  return { ...(isSource ? {} : COMPANIONS[path]), [name]: inner }
}

function nameIn(path: string): string {
  if (path === 'services') return 'web'
  if (path === 'networks' || path === 'services.*.networks') return 'net'
  return path.endsWith('ulimits') ? 'nofile' : 'db'
}

export function valueFor(row: KeyRow): unknown {
  if (row.path in SAMPLES) return SAMPLES[row.path]
  return row.fate === 'carried' ? {} : BY_FORM[row.forms[0] ?? 'null']
}
