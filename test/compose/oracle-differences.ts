// Where the oracle's answers differ from ours, and why that is no disagreement about what a file means.
import { segmentsOf } from '../../src/compose/keys/grammar.ts'

export type Model = Record<string, unknown>

/** `change` answers what stands there instead; undefined takes the key away. */
export type Difference = {
  side: 'ours' | 'theirs' | 'both'
  /** A pattern, as in the table of keys. */
  path: string
  because: string
  change(value: unknown): unknown
}

const LEFT_OUT = () => undefined
const PATHS_ARE_RELATIVE = 'the oracle gives absolute paths, made relative again here; ours stay as written'
const ZERO_IS_NOT_PRINTED = 'the oracle leaves out values that are false or zero'

function withoutDot(path: unknown): unknown {
  return typeof path === 'string' ? path.replace(/^\.\//, '') : path
}

function lowerCaseKeys(value: unknown): unknown {
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner]))
}

/** The rows are applied in order. */
export const DIFFERENCES: readonly Difference[] = [
  ...['weight_device', 'device_read_bps', 'device_read_iops', 'device_write_bps', 'device_write_iops'].map(
    (key): Difference => ({
      side: 'theirs',
      path: `services.*.blkio_config.${key}[]`,
      because:
        "the oracle's JSON has the names of its own fields here; its YAML has those of the specification",
      change: lowerCaseKeys,
    }),
  ),
  ...['services.*', 'services.*.deploy', 'networks.*'].map(
    (path): Difference => ({
      side: 'ours',
      path,
      because: "the oracle's JSON has extensions at the top level only; its YAML has all",
      change: withoutExtensions,
    }),
  ),
  ...['services.*.build.context', 'services.*.develop.watch[].path'].map(
    (path): Difference => ({
      side: 'both',
      path,
      because: PATHS_ARE_RELATIVE,
      change: withoutDot,
    }),
  ),
  {
    side: 'theirs',
    path: 'services.*.develop.watch[].exec',
    because: 'the oracle prints an empty command where there is none',
    change: (exec) => (isMap(exec) && exec.command === null ? undefined : exec),
  },
  {
    side: 'ours',
    path: 'services.*.deploy.rollback_config.max_failure_ratio',
    because: ZERO_IS_NOT_PRINTED,
    change: (ratio) => (ratio === 0 ? undefined : ratio),
  },
  {
    side: 'ours',
    path: 'services.*.volumes[].bind.create_host_path',
    because: `${ZERO_IS_NOT_PRINTED}, though true is the default`,
    change: (isMade) => (isMade === false ? undefined : isMade),
  },
  {
    side: 'theirs',
    path: 'services.*.ulimits.*',
    because: 'the oracle prints a limit of 0 as an empty map',
    change: (limit) => (isMap(limit) && Object.keys(limit).length === 0 ? 0 : limit),
  },
  {
    side: 'both',
    path: 'services.*.extra_hosts',
    because: 'the oracle sorts hosts by name; ours keep the order of the file',
    change: (hosts) => (Array.isArray(hosts) ? [...hosts].sort() : hosts),
  },
  {
    side: 'ours',
    path: 'services.*.networks.*.gw_priority',
    because: 'the oracle takes the key and does not print it',
    change: LEFT_OUT,
  },
  {
    side: 'ours',
    path: 'networks.*.ipam.options',
    because: 'the oracle takes the key and does not print it',
    change: LEFT_OUT,
  },
  {
    side: 'theirs',
    path: 'services.*.configs[].mode',
    because: 'the oracle reads "0644" in quotes as a decimal number; later loaders read octal, as ours does',
    change: (mode) => (mode === 644 ? 0o644 : mode),
  },
  {
    side: 'theirs',
    path: 'services.*.environment.DATE',
    because: 'a plain date is a time of YAML 1.1 to the oracle; it is text in YAML 1.2',
    change: () => '2024-05-17',
  },
  {
    side: 'ours',
    path: 'services.text.command[]',
    because: 'the oracle drops a backslash between double quotes; a POSIX shell keeps it before a space',
    change: (word) => (typeof word === 'string' ? word.replace('c\\ d', 'c d') : word),
  },
  {
    side: 'theirs',
    path: 'services.*.depends_on.debugger',
    because: 'the oracle keeps an optional dependency on a service whose profile is off',
    change: LEFT_OUT,
  },
  {
    side: 'ours',
    path: 'configs.accounts',
    because: 'the oracle takes a config that only `credential_spec` names for unused, and leaves it out',
    change: LEFT_OUT,
  },
]

/** One of the two models with its side of the differences taken away; sections that are empty then go. */
export function comparable(model: unknown, side: 'ours' | 'theirs'): unknown {
  let changed = model
  for (const { side: whose, path, change } of DIFFERENCES) {
    if (whose === side || whose === 'both') changed = changeAt(changed, segmentsOf(path), change)
  }
  if (!isMap(changed)) return changed
  return Object.fromEntries(Object.entries(changed).filter(([, section]) => !isEmptyMap(section)))
}

function changeAt(value: unknown, segments: readonly string[], change: Difference['change']): unknown {
  const [segment, ...rest] = segments
  if (segment === undefined) return change(value)
  if (segment === '[]')
    return Array.isArray(value) ? value.map((item) => changeAt(item, rest, change)) : value
  if (!isMap(value)) return value
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    if (segment !== '*' && segment !== key) return [[key, inner]]
    const changed = changeAt(inner, rest, change)
    return changed === undefined || (isEmptyMap(changed) && !isEmptyMap(inner)) ? [] : [[key, changed]]
  })
  return Object.fromEntries(entries)
}

function withoutExtensions(value: unknown): unknown {
  if (!isMap(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith('x-')))
}

function isMap(value: unknown): value is Model {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmptyMap(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 0
}
