// The keys of a service that say what runs, who it is and how it begins and ends (specification, "Services").
import {
  type Form,
  type KeyRow,
  options,
  read,
  readAll,
  textMap,
  textOrTexts,
  texts,
  words,
} from './key-row.ts'

const SERVICE = 'services.*'

function own(keys: readonly string[], ...forms: Form[]): KeyRow[] {
  return readAll(SERVICE, keys, ...forms)
}

/** A step of a hook: a command that runs in a container (specification, "post_start"). */
function hook(path: string): KeyRow[] {
  return [
    ...words(`${path}.command`),
    read(`${path}.user`, 'text'),
    read(`${path}.privileged`, 'boolean'),
    read(`${path}.working_dir`, 'text'),
    ...textMap(`${path}.environment`),
  ]
}

const RUN: readonly KeyRow[] = [
  ...own(['image', 'platform', 'pull_policy', 'pull_refresh_after', 'runtime', 'isolation'], 'text'),
  ...words(`${SERVICE}.command`),
  ...words(`${SERVICE}.entrypoint`),
  ...own(['working_dir', 'user', 'stop_signal', 'stop_grace_period'], 'text'),
  read(`${SERVICE}.group_add`, 'list'),
  read(`${SERVICE}.group_add[]`, 'text', 'number'),
  ...own(['init', 'tty', 'stdin_open', 'attach'], 'boolean'),
  ...textMap(`${SERVICE}.environment`),
  ...own(['restart', 'container_name', 'hostname', 'domainname'], 'text'),
  read(`${SERVICE}.scale`, 'integer'),
  ...textMap(`${SERVICE}.labels`),
  ...textMap(`${SERVICE}.annotations`),
]

/** What is gone once a file is loaded. */
const LOADING: readonly KeyRow[] = [
  read(`${SERVICE}.extends`, 'text', 'map'),
  read(`${SERVICE}.extends.service`, 'text'),
  read(`${SERVICE}.extends.file`, 'text'),
  read(`${SERVICE}.env_file`, 'text', 'list'),
  read(`${SERVICE}.env_file[]`, 'text', 'map'),
  read(`${SERVICE}.env_file[].path`, 'text'),
  read(`${SERVICE}.env_file[].format`, 'text'),
  read(`${SERVICE}.env_file[].required`, 'boolean'),
  ...textOrTexts(`${SERVICE}.label_file`),
  ...texts(`${SERVICE}.profiles`),
]

const HEALTHCHECK: readonly KeyRow[] = [
  read(`${SERVICE}.healthcheck`, 'map'),
  ...textOrTexts(`${SERVICE}.healthcheck.test`),
  ...readAll(`${SERVICE}.healthcheck`, ['interval', 'timeout', 'start_period', 'start_interval'], 'text'),
  read(`${SERVICE}.healthcheck.retries`, 'integer'),
  read(`${SERVICE}.healthcheck.disable`, 'boolean'),
]

const DEPENDS_ON: readonly KeyRow[] = [
  read(`${SERVICE}.depends_on`, 'list', 'map'),
  read(`${SERVICE}.depends_on[]`, 'text'),
  read(`${SERVICE}.depends_on.*`, 'map'),
  read(`${SERVICE}.depends_on.*.condition`, 'text'),
  read(`${SERVICE}.depends_on.*.restart`, 'boolean'),
  read(`${SERVICE}.depends_on.*.required`, 'boolean'),
]

const HOOKS: readonly KeyRow[] = [
  ...['pre_start', 'post_start', 'pre_stop'].flatMap((key) => [
    read(`${SERVICE}.${key}`, 'list'),
    read(`${SERVICE}.${key}[]`, 'map'),
    ...hook(`${SERVICE}.${key}[]`),
  ]),
  read(`${SERVICE}.pre_start[].image`, 'text'),
  read(`${SERVICE}.pre_start[].per_replica`, 'boolean'),
]

const DEVELOP: readonly KeyRow[] = [
  read(`${SERVICE}.develop`, 'map', 'null'),
  read(`${SERVICE}.develop.watch`, 'list'),
  read(`${SERVICE}.develop.watch[]`, 'map'),
  ...readAll(`${SERVICE}.develop.watch[]`, ['path', 'action', 'target'], 'text'),
  ...textOrTexts(`${SERVICE}.develop.watch[].ignore`),
  ...textOrTexts(`${SERVICE}.develop.watch[].include`),
  read(`${SERVICE}.develop.watch[].initial_sync`, 'boolean'),
  read(`${SERVICE}.develop.watch[].exec`, 'map'),
  ...hook(`${SERVICE}.develop.watch[].exec`),
]

const OTHERS: readonly KeyRow[] = [
  read(`${SERVICE}.logging`, 'map'),
  read(`${SERVICE}.logging.driver`, 'text'),
  read(`${SERVICE}.logging.options`, 'map'),
  read(`${SERVICE}.logging.options.*`, 'text', 'number', 'null'),
  read(`${SERVICE}.provider`, 'map'),
  read(`${SERVICE}.provider.type`, 'text'),
  read(`${SERVICE}.provider.options`, 'map'),
  read(`${SERVICE}.provider.options.*`, 'text', 'number', 'boolean', 'list'),
  read(`${SERVICE}.provider.options.*[]`, 'text', 'number', 'boolean'),
  read(`${SERVICE}.models`, 'list', 'map'),
  read(`${SERVICE}.models[]`, 'text'),
  read(`${SERVICE}.models.*`, 'map', 'null'),
  ...readAll(`${SERVICE}.models.*`, ['endpoint_var', 'model_var'], 'text'),
  read(`${SERVICE}.credential_spec`, 'map'),
  ...readAll(`${SERVICE}.credential_spec`, ['config', 'file', 'registry'], 'text'),
  ...options(`${SERVICE}.storage_opt`),
  read(`${SERVICE}.use_api_socket`, 'boolean'),
]

export const SERVICE_KEYS: readonly KeyRow[] = [
  ...RUN,
  ...LOADING,
  ...HEALTHCHECK,
  ...DEPENDS_ON,
  ...HOOKS,
  ...DEVELOP,
  ...OTHERS,
]
