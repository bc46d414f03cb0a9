// What a service mounts, in the model.
import { posix } from 'node:path'
import type { FileGrant } from '../../system/files.ts'
import type { Mount, MountsFrom, TmpfsMount } from '../../system/mounts.ts'
import type { ServiceSpec } from '../../system/spec.ts'
import { CLAIM_PREFIX } from '../values/mount.ts'
import { parseTmpfs } from '../values/tmpfs.ts'
import type { Reader } from './reader.ts'

type Storage = Pick<
  ServiceSpec,
  'mounts' | 'tmpfs' | 'mountsFrom' | 'shmSizeBytes' | 'storageOptions' | 'configs' | 'secrets'
>

export function buildStorage(service: Reader): Storage {
  return {
    mounts: service.list('volumes', mountOf),
    tmpfs: service.parsedTexts('tmpfs', toTmpfs, 'it is written `/path` or `/path:size=64m,mode=1777`'),
    mountsFrom: service.parsedTexts(
      'volumes_from',
      parseMountsFrom,
      'it is written `service`, `service:ro` or `container:name`',
    ),
    shmSizeBytes: service.bytes('shm_size'),
    storageOptions: service.textMap('storage_opt'),
    configs: grantsAt(service, 'configs'),
    secrets: grantsAt(service, 'secrets'),
  }
}

/** The configs or secrets that may be read. */
export function grantsAt(reader: Reader, key: string): FileGrant[] {
  return reader.items(key).flatMap((grant) => {
    const source = grant.text('source')
    if (source === null) {
      grant.missing('source', 'give the name of what is meant')
      return []
    }
    return [
      {
        source,
        target: grant.text('target'),
        uid: grant.text('uid'),
        gid: grant.text('gid'),
        mode: grant.mode('mode'),
      },
    ]
  })
}

const TYPES = ['volume', 'bind', 'tmpfs', 'image', 'npipe', 'cluster'] as const

function mountOf(mount: Reader): Mount | null {
  if (!mount.has('type')) mount.missing('type', 'say what is mounted, for example `volume`')
  const type = mount.oneOf('type', TYPES)
  const target = mount.text('target')
  if (target === null || target === '') mount.missing('target', 'say where it is in the container')
  if (type === null || !target) return null
  const at = {
    target: normalTarget(target),
    readOnly: mount.boolean('read_only') ?? false,
    consistency: mount.text('consistency'),
    extensions: mount.extensions(),
  }
  return toMount(mount, type, at)
}

type At = Pick<TmpfsMount, 'target' | 'readOnly' | 'consistency' | 'extensions'>

function toMount(mount: Reader, type: (typeof TYPES)[number], at: At): Mount | null {
  const source = mount.text('source')
  switch (type) {
    case 'volume':
      return volumeOf(mount, source, at)
    case 'tmpfs':
      return tmpfsOf(mount, at)
    case 'bind':
      return source ? bindOf(mount, source, at) : needsSource(mount)
    case 'image': {
      const image = mount.below('image')
      return source ? { type, image: source, subpath: image.text('subpath'), ...at } : needsSource(mount)
    }
    case 'npipe':
    case 'cluster':
      return source ? { type, source, ...at } : needsSource(mount)
    default:
      return type satisfies never
  }
}

function needsSource(mount: Reader): null {
  mount.missing('source', 'say what is mounted')
  return null
}

function volumeOf(mount: Reader, source: string | null, at: At): Mount {
  const volume = mount.below('volume')
  const subpath = volume.text('subpath')
  if (source?.startsWith(CLAIM_PREFIX)) {
    const [claim = '', ...path] = source.slice(CLAIM_PREFIX.length).split('/')
    if (claim === '') mount.invalid('source', 'it names no claim')
    return { type: 'claim', claim, subpath: path.join('/') || subpath, ...at }
  }
  return {
    type: 'volume',
    volume: source || null,
    subpath,
    noCopy: volume.boolean('nocopy') ?? false,
    labels: volume.textMap('labels'),
    ...at,
  }
}

const PROPAGATIONS = ['shared', 'slave', 'private', 'rshared', 'rslave', 'rprivate'] as const

/** Specification, "volumes", long syntax: the folder on the host is made where it is not there, unless told not to. */
function bindOf(mount: Reader, source: string, at: At): Mount {
  const bind = mount.below('bind')
  return {
    type: 'bind',
    source,
    propagation: bind.oneOf('propagation', PROPAGATIONS),
    createHostPath: bind.boolean('create_host_path') ?? true,
    recursive: bind.oneOf('recursive', ['enabled', 'disabled', 'writable', 'readonly']),
    selinux: bind.oneOf('selinux', ['z', 'Z']),
    ...at,
  }
}

function tmpfsOf(mount: Reader, at: At): Mount {
  const tmpfs = mount.below('tmpfs')
  return { type: 'tmpfs', sizeBytes: tmpfs.bytes('size'), mode: tmpfs.mode('mode'), options: [], ...at }
}

function toTmpfs(text: string): TmpfsMount | null {
  const parsed = parseTmpfs(text)
  return (
    parsed && {
      type: 'tmpfs',
      ...parsed,
      consistency: null,
      extensions: {},
      target: normalTarget(parsed.target),
    }
  )
}

/** One path has one spelling, so that two mounts on it are seen; a path of Windows is left alone. */
function normalTarget(target: string): string {
  if (!target.startsWith('/')) return target
  const normal = posix.normalize(target)
  return normal.length > 1 ? normal.replace(/\/$/, '') : normal
}

function parseMountsFrom(text: string): MountsFrom | null {
  const parts = text.split(':')
  const last = parts.at(-1)
  const hasMode = parts.length > 1 && (last === 'ro' || last === 'rw')
  const [first = '', second, ...rest] = hasMode ? parts.slice(0, -1) : parts
  const readOnly = hasMode && last === 'ro'
  if (first === '' || rest.length > 0) return null
  if (second === undefined) return { from: 'service', name: first, readOnly }
  return first === 'container' && second !== '' ? { from: 'container', name: second, readOnly } : null
}
