// What can't be mounted on Kubernetes, or is mounted in another way.
import type { Problem } from '../../../problem.ts'
import type { BindMount, ImageMount, Mount, TmpfsMount, VolumeMount } from '../../../system/mounts.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { isHostPath, permissionOf } from '../../shared/policy.ts'
import { type Context, isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { driverOf } from './volume-driver.ts'

/** KEP-4639: a beta of 1.33, where also `subPath` came. */
const IMAGE_VOLUMES_MINOR = 33

export function checkMounts(name: string, service: ServiceSpec, context: Context): Problem[] {
  const path = `services.${name}`
  return [
    ...service.mounts.flatMap((mount, at) => checkMount(`${path}.volumes[${at}]`, mount, context)),
    ...service.tmpfs.flatMap((mount, at) => checkTmpfs(`${path}.tmpfs[${at}]`, mount)),
    ...checkMountsFrom(path, service, context),
  ]
}

function checkMount(path: string, mount: Mount, context: Context): Problem[] {
  switch (mount.type) {
    case 'tmpfs':
      return checkTmpfs(path, mount)
    case 'volume':
      return checkNamed(path, mount, context)
    case 'bind':
      return checkBind(path, mount, context)
    case 'claim':
      return []
    case 'image':
      return checkImage(path, mount, context)
    case 'npipe':
    case 'cluster': {
      const message = `A cluster has no mounts of type \`${mount.type}\`: use a volume.`
      return [remark('NOT_ON_KUBERNETES', path, message)]
    }
    default:
      return mount satisfies never
  }
}

/** Docker fills a new volume with what the image has there, unless told not to. */
function checkNamed(path: string, mount: VolumeMount, { spec }: Context): Problem[] {
  if (mount.volume === null) return checkAnonymous(path, mount.target)
  const volume = spec.volumes[mount.volume]
  if (mount.noCopy || (volume && (volume.external || driverOf(volume).kind !== 'claim'))) return []
  const message = `The volume begins empty: what the image has at \`${mount.target}\` is not copied into it.`
  return [remark('VOLUME_BEGINS_EMPTY', path, message)]
}

function checkAnonymous(path: string, target: string): Problem[] {
  const message = `What is written to \`${target}\` goes when its pod goes: name a volume for what must stay.`
  return [remark('ANONYMOUS_VOLUME', path, message)]
}

/** A memory volume belongs to root and is open to all; only its size can be said. */
function checkTmpfs(path: string, { mode, options }: TmpfsMount): Problem[] {
  const left = [...(mode === null ? [] : ['mode']), ...options]
  if (left.length === 0) return []
  const message = `A volume in memory has a size and no other option: \`${left.join(',')}\` is not applied.`
  return [remark('TMPFS_OPTIONS_IGNORED', path, message)]
}

function checkBind(
  path: string,
  { source, readOnly, target }: BindMount,
  { spec, policy }: Context,
): Problem[] {
  if (spec.files[source]) {
    if (readOnly) return []
    const message = `\`${target}\` can't be written to: it holds the files that came with the request. Mount it with \`:ro\`.`
    return [remark('FILES_READ_ONLY', path, message)]
  }
  if (isHostPath(source)) return checkHostPath(path, source, policy.allow)
  const message = `\`${source}\` did not come with the request, and a cluster can't read it from your machine: send it along, or use a volume.`
  return [remark('FILE_NOT_SENT', path, message)]
}

/** Paths are those of the node on which the pod happens to run. */
function checkHostPath(path: string, source: string, allowed: readonly string[]): Problem[] {
  const permission = permissionOf(source)
  if (source.startsWith('/') && allowed.includes(permission)) return []
  const what = permission === 'docker_socket' ? "is Docker's socket" : 'is a path of the machine'
  const message = `\`${source}\` ${what}, which the operator does not allow: use a volume.`
  return [remark('NOT_ALLOWED', path, message)]
}

function checkImage(path: string, { image }: ImageMount, { facts }: Context): Problem[] {
  if (isAtLeast(facts, IMAGE_VOLUMES_MINOR)) return []
  const message = `A volume from the image \`${image}\` needs Kubernetes 1.${IMAGE_VOLUMES_MINOR}: copy its files in a service that runs before.`
  return [remark('NOT_ON_KUBERNETES', path, message)]
}

/** Room that goes with its pod can't be shared between pods. */
function checkMountsFrom(path: string, service: ServiceSpec, { spec }: Context): Problem[] {
  return service.mountsFrom.flatMap(({ from, name }): Problem[] => {
    if (from === 'container') {
      const message = `A cluster has no container \`${name}\` to take volumes from: name a service.`
      return [remark('NOT_ON_KUBERNETES', `${path}.volumes_from`, message)]
    }
    const others = [...(spec.services[name]?.mounts ?? []), ...(spec.services[name]?.tmpfs ?? [])]
    if (!others.some((mount) => mount.type === 'tmpfs' || (mount.type === 'volume' && mount.volume === null)))
      return []
    const message = `Volumes of \`${name}\` without a name are not shared: this service gets its own, empty ones. Name them.`
    return [remark('VOLUME_NOT_SHARED', `${path}.volumes_from`, message)]
  })
}
