// The keys of a service that say what it mounts.
import { type KeyRow, read, readAll, textMap, textOrTexts, texts } from './key-row.ts'

const SERVICE = 'services.*'
const MOUNT = `${SERVICE}.volumes[]`

/** Configs or secrets that may be read. */
export function grants(path: string): KeyRow[] {
  return [
    read(path, 'list'),
    read(`${path}[]`, 'text', 'map'),
    ...readAll(`${path}[]`, ['source', 'target', 'uid', 'gid'], 'text'),
    read(`${path}[].mode`, 'text', 'integer'),
  ]
}

export const STORAGE_KEYS: readonly KeyRow[] = [
  read(`${SERVICE}.volumes`, 'list'),
  read(MOUNT, 'text', 'map'),
  ...readAll(MOUNT, ['type', 'source', 'target', 'consistency'], 'text'),
  read(`${MOUNT}.read_only`, 'boolean'),
  read(`${MOUNT}.bind`, 'map'),
  ...readAll(`${MOUNT}.bind`, ['propagation', 'recursive', 'selinux'], 'text'),
  read(`${MOUNT}.bind.create_host_path`, 'boolean'),
  read(`${MOUNT}.volume`, 'map'),
  read(`${MOUNT}.volume.nocopy`, 'boolean'),
  read(`${MOUNT}.volume.subpath`, 'text'),
  ...textMap(`${MOUNT}.volume.labels`),
  read(`${MOUNT}.tmpfs`, 'map'),
  read(`${MOUNT}.tmpfs.size`, 'text', 'integer'),
  read(`${MOUNT}.tmpfs.mode`, 'text', 'integer'),
  read(`${MOUNT}.image`, 'map'),
  read(`${MOUNT}.image.subpath`, 'text'),
  ...texts(`${SERVICE}.volumes_from`),
  ...textOrTexts(`${SERVICE}.tmpfs`),
  read(`${SERVICE}.shm_size`, 'text', 'number'),
  ...grants(`${SERVICE}.configs`),
  ...grants(`${SERVICE}.secrets`),
]
