// The keys of a file beside its services (specification, "Networks", "Volumes", "Configs", "Secrets", "Models").
import { type KeyRow, options, read, readAll, textMap, textOrTexts, texts } from './key-row.ts'

const NETWORKS: readonly KeyRow[] = [
  read('networks', 'map'),
  read('networks.*', 'map', 'null'),
  ...readAll('networks.*', ['name', 'driver'], 'text'),
  ...options('networks.*.driver_opts'),
  read('networks.*.external', 'boolean', 'map'),
  read('networks.*.external.name', 'text'),
  ...readAll('networks.*', ['internal', 'attachable', 'enable_ipv4', 'enable_ipv6'], 'boolean'),
  ...textMap('networks.*.labels'),
  read('networks.*.ipam', 'map'),
  read('networks.*.ipam.driver', 'text'),
  read('networks.*.ipam.config', 'list'),
  read('networks.*.ipam.config[]', 'map'),
  ...readAll('networks.*.ipam.config[]', ['subnet', 'ip_range', 'gateway'], 'text'),
  read('networks.*.ipam.config[].aux_addresses', 'map'),
  read('networks.*.ipam.config[].aux_addresses.*', 'text'),
  read('networks.*.ipam.options', 'map'),
  read('networks.*.ipam.options.*', 'text'),
]

const VOLUMES: readonly KeyRow[] = [
  read('volumes', 'map'),
  read('volumes.*', 'map', 'null'),
  ...readAll('volumes.*', ['name', 'driver'], 'text'),
  ...options('volumes.*.driver_opts'),
  read('volumes.*.external', 'boolean', 'map'),
  read('volumes.*.external.name', 'text'),
  ...textMap('volumes.*.labels'),
]

const FILES: readonly KeyRow[] = ['configs.*', 'secrets.*'].flatMap((path) => [
  ...readAll(path, ['name', 'environment', 'file', 'template_driver'], 'text'),
  read(`${path}.external`, 'boolean', 'map'),
  read(`${path}.external.name`, 'text'),
  ...textMap(`${path}.labels`),
])

export const TOP_LEVEL_KEYS: readonly KeyRow[] = [
  {
    path: 'version',
    fate: 'noted',
    forms: ['text', 'number'],
    note: '`version` is obsolete and has no effect: remove it.',
  },
  read('name', 'text'),
  read('services', 'map'),
  read('services.*', 'map'),
  read('include', 'list'),
  read('include[]', 'text', 'map'),
  ...textOrTexts('include[].path'),
  ...textOrTexts('include[].env_file'),
  read('include[].project_directory', 'text'),
  ...NETWORKS,
  ...VOLUMES,
  read('configs', 'map'),
  read('configs.*', 'map'),
  read('configs.*.content', 'text'),
  read('secrets', 'map'),
  read('secrets.*', 'map'),
  read('secrets.*.driver', 'text'),
  ...options('secrets.*.driver_opts'),
  ...FILES,
  read('models', 'map'),
  read('models.*', 'map'),
  ...readAll('models.*', ['name', 'model'], 'text'),
  read('models.*.context_size', 'integer'),
  ...texts('models.*.runtime_flags'),
]
