// Where merging is more than "maps grow, lists are joined, values are replaced" (specification, "Merge and override").
import { byDevice, byFileIn, byHost, byName, byPath, byPort, byTarget, byText } from './identities.ts'
import type { MergeRow } from './merge-row.ts'

const PAIRS: readonly MergeRow[] = [
  'networks.*.labels',
  'volumes.*.labels',
  'configs.*.labels',
  'secrets.*.labels',
  'services.*.annotations',
  'services.*.build.args',
  'services.*.build.additional_contexts',
  'services.*.build.labels',
  'services.*.deploy.labels',
  'services.*.environment',
  'services.*.labels',
  'services.*.sysctls',
].map((path) => ({ path, form: 'pairs', identity: byName }))

const HOSTS: readonly MergeRow[] = ['services.*.extra_hosts', 'services.*.build.extra_hosts'].map((path) => ({
  path,
  form: 'hosts',
  identity: byHost,
}))

/** One text or a list of them. */
const TEXTS: readonly MergeRow[] = [
  { path: 'services.*.dns', form: 'texts', identity: byText },
  { path: 'services.*.dns_search', form: 'texts', identity: byText },
  { path: 'services.*.tmpfs', form: 'texts', identity: byText },
  { path: 'services.*.label_file', form: 'texts', identity: byText },
  { path: 'services.*.env_file', form: 'texts', identity: byPath },
]

/** Lists in which an item of a later file replaces the same item of an earlier one. */
const SETS: readonly MergeRow[] = [
  { path: 'services.*.build.platforms', identity: byText },
  // Not in the specification; the reference loader keeps this list free of doubles all the same.
  { path: 'services.*.build.platform', identity: byText },
  { path: 'services.*.build.tags', identity: byText },
  { path: 'services.*.cap_add', identity: byText },
  { path: 'services.*.cap_drop', identity: byText },
  { path: 'services.*.dns_opt', identity: byText },
  { path: 'services.*.expose', identity: byText },
  { path: 'services.*.links', identity: byName },
  { path: 'services.*.networks.*.aliases', identity: byText },
  { path: 'services.*.networks.*.link_local_ips', identity: byText },
  { path: 'services.*.profiles', identity: byText },
  { path: 'services.*.ports', identity: byPort },
  { path: 'services.*.volumes', identity: byTarget },
  { path: 'services.*.devices', identity: byDevice },
  { path: 'services.*.configs', identity: byFileIn('') },
  { path: 'services.*.secrets', identity: byFileIn('/run/secrets') },
]

const FORMS: readonly MergeRow[] = [
  { path: 'networks.*.ipam.config', form: 'subnets' },
  { path: 'models.*.runtime_flags', form: 'replace' },
  { path: 'services.*.command', form: 'replace' },
  { path: 'services.*.entrypoint', form: 'replace' },
  { path: 'services.*.healthcheck.test', form: 'replace' },
  { path: 'services.*.ulimits.*', form: 'replace' },
  { path: 'services.*.build', form: 'build' },
  { path: 'services.*.depends_on', form: 'names' },
  { path: 'services.*.models', form: 'names' },
  { path: 'services.*.networks', form: 'names' },
  { path: 'services.*.logging', form: 'logging' },
]

export const MERGE_ROWS: readonly MergeRow[] = [...PAIRS, ...HOSTS, ...TEXTS, ...SETS, ...FORMS]
