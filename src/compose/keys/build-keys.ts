// The keys of `build` (specification, "Compose Build Specification").
import { type KeyRow, read, readAll, textMap, texts } from './key-row.ts'
import { ulimits } from './machine-keys.ts'
import { extraHosts } from './network-keys.ts'
import { grants } from './storage-keys.ts'

const BUILD = 'services.*.build'

export const BUILD_KEYS: readonly KeyRow[] = [
  read(BUILD, 'text', 'map'),
  ...readAll(BUILD, ['context', 'dockerfile', 'dockerfile_inline', 'target', 'network', 'isolation'], 'text'),
  ...['args', 'ssh', 'labels', 'additional_contexts'].flatMap((key) => textMap(`${BUILD}.${key}`)),
  ...['cache_from', 'cache_to', 'tags', 'platforms', 'entitlements'].flatMap((key) =>
    texts(`${BUILD}.${key}`),
  ),
  ...readAll(BUILD, ['no_cache', 'pull', 'privileged'], 'boolean'),
  ...readAll(BUILD, ['provenance', 'sbom'], 'text', 'boolean'),
  read(`${BUILD}.shm_size`, 'text', 'integer'),
  ...extraHosts(`${BUILD}.extra_hosts`),
  ...grants(`${BUILD}.secrets`),
  ...ulimits(`${BUILD}.ulimits`),
]
