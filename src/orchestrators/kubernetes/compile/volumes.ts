// What a pod mounts: memory, and room of its own that goes with it.
import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Mount, TmpfsMount } from '../../../system/mounts.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { toMemoryQuantity } from './quantity.ts'

type Mounted = { volume: V1Volume; mount: V1VolumeMount }

export function toVolumes(service: ServiceSpec): V1Volume[] | undefined {
  const all = mountedBy(service)
  return all.length > 0 ? all.map(({ volume }) => volume) : undefined
}

export function toVolumeMounts(service: ServiceSpec): V1VolumeMount[] | undefined {
  const all = mountedBy(service)
  return all.length > 0 ? all.map(({ mount }) => mount) : undefined
}

function mountedBy({ mounts, tmpfs, shmSizeBytes }: ServiceSpec): Mounted[] {
  const anonymous = mounts.filter((mount) => mount.type === 'volume' && mount.volume === null)
  const memory = [...mounts.filter((mount) => mount.type === 'tmpfs'), ...tmpfs]
  return [
    ...anonymous.map(({ target, readOnly }, at) => toMounted(`own-${at}`, {}, target, readOnly)),
    ...memory.map(({ target, readOnly, sizeBytes }, at) =>
      toMounted(`memory-${at}`, inMemory(sizeBytes), target, readOnly),
    ),
    ...(shmSizeBytes === null ? [] : [toMounted('shm', inMemory(shmSizeBytes), '/dev/shm', false)]),
  ]
}

function toMounted(name: string, emptyDir: object, mountPath: string, readOnly: boolean): Mounted {
  return { volume: { name, emptyDir }, mount: { name, mountPath, ...(readOnly && { readOnly }) } }
}

function inMemory(sizeBytes: number | null) {
  return { medium: 'Memory', ...(sizeBytes !== null && { sizeLimit: toMemoryQuantity(sizeBytes) }) }
}

export function checkMounts(name: string, service: ServiceSpec): Problem[] {
  const path = `services.${name}`
  return [
    ...service.mounts.flatMap((mount, at) => checkMount(`${path}.volumes[${at}]`, mount)),
    ...service.tmpfs.flatMap((mount, at) => checkTmpfs(`${path}.tmpfs[${at}]`, mount)),
  ]
}

function checkMount(path: string, mount: Mount): Problem[] {
  switch (mount.type) {
    case 'tmpfs':
      return checkTmpfs(path, mount)
    case 'volume':
      return mount.volume === null ? checkAnonymous(path, mount.target) : notYet(path, 'A named volume')
    case 'bind':
      return notYet(path, 'A folder of the project or of the machine')
    case 'claim':
      return notYet(path, 'A claim that exists')
    case 'image':
      return notYet(path, 'A volume from an image')
    case 'npipe':
    case 'cluster': {
      const message = `A cluster has no mounts of type \`${mount.type}\`: use a volume.`
      return [remark('NOT_ON_KUBERNETES', path, message)]
    }
    default:
      return mount satisfies never
  }
}

function notYet(path: string, what: string): Problem[] {
  return [remark('NOT_SUPPORTED_YET', path, `${what} is not supported on Kubernetes yet: remove it.`)]
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
