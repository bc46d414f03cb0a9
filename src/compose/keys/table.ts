// Every key of the Compose specification (compose-spec.json), with the forms that it takes. The code runs on this table:
// a key without a row is unknown.
import { BUILD_KEYS } from './build-keys.ts'
import { DEPLOY_KEYS } from './deploy-keys.ts'
import type { KeyRow } from './key-row.ts'
import { MACHINE_KEYS } from './machine-keys.ts'
import { NETWORK_KEYS } from './network-keys.ts'
import { SERVICE_KEYS } from './service-keys.ts'
import { STORAGE_KEYS } from './storage-keys.ts'
import { TOP_LEVEL_KEYS } from './top-level-keys.ts'

/** What the first Tycho took beside the specification; an orchestrator reads them as it does `x-*` keys. */
const ORIGINAL_KEYS: readonly KeyRow[] = [
  { path: 'security_context', fate: 'carried' },
  { path: 'services.*.ext', fate: 'carried' },
]

export const KEYS: readonly KeyRow[] = [
  ...TOP_LEVEL_KEYS,
  ...SERVICE_KEYS,
  ...NETWORK_KEYS,
  ...STORAGE_KEYS,
  ...MACHINE_KEYS,
  ...DEPLOY_KEYS,
  ...BUILD_KEYS,
  ...ORIGINAL_KEYS,
]
