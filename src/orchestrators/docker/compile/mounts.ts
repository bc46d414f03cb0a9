// What a service mounts beside its files: `Mounts`, `Binds`, `Tmpfs` and `VolumesFrom` of `HostConfig`.
import type { BindMount, Mount, TmpfsMount, VolumeMount } from '../../../system/mounts.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { builtElsewhere } from './image.ts'
import { toContainerName } from './names.ts'
import { listOrNothing, recordOrNothing } from './resources.ts'
import { toFoundName, toVolumeName } from './volumes.ts'

export function toMounts(service: ServiceSpec, context: Context) {
  const mounts = service.mounts.filter((mount) => !isFile(mount, context))
  const binds = mounts.filter(isBindOfPath)
  const others = mounts.filter((mount) => !isBindOfPath(mount) && mount.type !== 'tmpfs')
  const tmpfs = [...mounts.filter((mount) => mount.type === 'tmpfs'), ...service.tmpfs]
  return {
    Mounts: listOrNothing(others.flatMap((mount) => toMount(mount, context) ?? [])),
    Binds: listOrNothing(binds.map(toBind)),
    Tmpfs: recordOrNothing(Object.fromEntries(tmpfs.map((mount) => [mount.target, toTmpfsOptions(mount)]))),
    VolumesFrom: listOrNothing(toVolumesFrom(service, context)),
    ShmSize: service.shmSizeBytes ?? undefined,
  }
}

/** A file or folder that came with the request is no mount of the machine's. */
function isFile(mount: Mount, { spec }: Context): boolean {
  return mount.type === 'bind' && spec.files[mount.source] !== undefined
}

/** In this form the engine makes a folder that is not there yet; the other one can hold a colon. */
function isBindOfPath(mount: Mount): mount is BindMount {
  if (mount.type !== 'bind' || !mount.createHostPath || mount.recursive !== null) return false
  return !mount.source.includes(':') && !mount.target.includes(':')
}

function toBind({ source, target, readOnly, propagation, selinux }: BindMount): string {
  const options = [...(readOnly ? ['ro'] : []), propagation, selinux].filter((option) => option !== null)
  return [source, target, ...(options.length > 0 ? [options.join(',')] : [])].join(':')
}

/** https://docs.docker.com/reference/cli/docker/container/run/#tmpfs */
function toTmpfsOptions({ sizeBytes, mode, options, readOnly }: TmpfsMount): string {
  return [
    ...(readOnly ? ['ro'] : []),
    ...(sizeBytes === null ? [] : [`size=${sizeBytes}`]),
    ...(mode === null ? [] : [`mode=${mode.toString(8)}`]),
    ...options,
  ].join(',')
}

/** Null for what is a Problem, or mounted otherwise. */
function toMount(mount: Mount, context: Context) {
  const at = { Target: mount.target, ReadOnly: mount.readOnly || undefined }
  switch (mount.type) {
    case 'volume':
      return { Type: 'volume', ...at, ...toVolume(mount, context) }
    case 'claim':
      return {
        Type: 'volume',
        ...at,
        Source: toFoundName(mount.claim, context),
        VolumeOptions: mount.subpath === null ? undefined : { Subpath: mount.subpath },
      }
    case 'bind':
      return { Type: 'bind', ...at, Source: mount.source, BindOptions: toBindOptions(mount) }
    case 'image':
      return {
        Type: 'image',
        ...at,
        Source: builtElsewhere(mount.image, context) ?? mount.image,
        ImageOptions: mount.subpath === null ? undefined : { Subpath: mount.subpath },
      }
    case 'tmpfs':
    case 'npipe':
    case 'cluster':
      return null
    default:
      return mount satisfies never
  }
}

/** Without a source it is an anonymous one, which goes with its container. */
function toVolume({ volume, noCopy, subpath, labels }: VolumeMount, context: Context) {
  const options = {
    NoCopy: noCopy || undefined,
    Subpath: subpath ?? undefined,
    Labels: recordOrNothing(labels),
  }
  const isSaid = Object.values(options).some((option) => option !== undefined)
  return {
    Source: volume === null ? undefined : toVolumeName(volume, context),
    VolumeOptions: isSaid ? options : undefined,
  }
}

function toBindOptions({ propagation, createHostPath, recursive }: BindMount) {
  const options = {
    Propagation: propagation ?? undefined,
    CreateMountpoint: createHostPath || undefined,
    NonRecursive: recursive === 'disabled' || undefined,
    ReadOnlyNonRecursive: recursive === 'writable' || undefined,
    ReadOnlyForceRecursive: recursive === 'readonly' || undefined,
  }
  return Object.values(options).some((option) => option !== undefined) ? options : undefined
}

function toVolumesFrom({ mountsFrom }: ServiceSpec, { identity, spec }: Context): string[] {
  return mountsFrom.flatMap(({ from, name, readOnly }) => {
    const other = spec.services[name]
    if (from !== 'service' || !other) return []
    return [`${toContainerName(identity, name, other, 1)}${readOnly ? ':ro' : ''}`]
  })
}
