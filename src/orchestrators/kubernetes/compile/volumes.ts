// volumes[] and volumeMounts[] of a pod: what `volumes`, `tmpfs`, `shm_size`, `configs` and `secrets` put into it.
import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node'
import { toFileKeys } from '../../../system/file-keys.ts'
import type { BindMount, ClaimMount, ImageMount, Mount, VolumeMount } from '../../../system/mounts.ts'
import { mountsOf } from '../../../system/mounts-of.ts'
import { toDnsLabel } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { toMemoryQuantity } from '../quantity.ts'
import { toClaimName } from './claims.ts'
import type { Context } from './context.ts'
import { toGranted } from './file-mounts.ts'
import { toFilesName } from './file-objects.ts'
import { driverOf } from './volume-driver.ts'

/** `mount` without the volume's name, which is set where the two are joined. */
export type Mounted = { volume: V1Volume; mount: Omit<V1VolumeMount, 'name'> }

/** Whether services that share a pod mean the same by a name: volumes of the file, claims, and the memory of the pod. */
export function isSharedVolume(name: string): boolean {
  return name === 'shm' || name.startsWith('volume-') || name.startsWith('claim-')
}

/** Undefined where there are none. A volume that is mounted twice stands here once. */
export function toVolumes(service: ServiceSpec, context: Context): V1Volume[] | undefined {
  const all = new Map(mountedBy(service, context).map(({ volume }) => [volume.name, volume]))
  return all.size > 0 ? [...all.values()] : undefined
}

export function toVolumeMounts(service: ServiceSpec, context: Context): V1VolumeMount[] | undefined {
  const all = mountedBy(service, context)
  return all.length > 0 ? all.map(({ volume, mount }) => ({ name: volume.name, ...mount })) : undefined
}

function mountedBy(service: ServiceSpec, context: Context): Mounted[] {
  const { shmSizeBytes } = service
  const shm: Mounted = {
    volume: { name: 'shm', emptyDir: inMemory(shmSizeBytes) },
    mount: { mountPath: '/dev/shm' },
  }
  return [
    ...mountsOf(service, context.spec).flatMap((mount, at) => toMounted(mount, at, context) ?? []),
    ...(shmSizeBytes === null ? [] : [shm]),
    ...toGranted(service, context),
  ]
}

/** Null for what is refused. `at` makes names of volumes that have none. */
function toMounted(mount: Mount, at: number, context: Context): Mounted | null {
  switch (mount.type) {
    case 'tmpfs':
      return withMount({ name: `memory-${at}`, emptyDir: inMemory(mount.sizeBytes) }, mount)
    case 'volume':
      return mount.volume === null
        ? withMount({ name: `own-${at}`, emptyDir: {} }, mount)
        : toNamed(mount.volume, mount, context)
    case 'claim':
      return withMount(toClaimVolume(mount.claim, mount), mount, mount.subpath)
    case 'bind':
      return toBind(mount, at, context)
    case 'image':
      return withMount(toImageVolume(mount, at), mount, mount.subpath)
    case 'npipe':
    case 'cluster':
      return null
    default:
      return mount satisfies never
  }
}

function toNamed(name: string, mount: VolumeMount, context: Context): Mounted | null {
  const volume = context.spec.volumes[name]
  const driver = volume ? driverOf(volume) : { kind: 'claim' as const }
  const called = `volume-${toDnsLabel(name)}`.slice(0, 63)
  switch (driver.kind) {
    case 'claim': {
      const source = { claimName: toClaimName(name, context) }
      return withMount({ name: called, persistentVolumeClaim: source }, mount, mount.subpath)
    }
    case 'nfs':
      return withMount({ name: called, nfs: driver.source }, mount, mount.subpath)
    case 'memory':
      return withMount({ name: called, emptyDir: inMemory(driver.sizeBytes) }, mount, mount.subpath)
    case 'host':
      return withMount({ name: called, hostPath: { path: driver.path } }, mount, mount.subpath)
    case 'unknown':
      return null
    default:
      return driver satisfies never
  }
}

function toClaimVolume(claim: string, _mount: ClaimMount): V1Volume {
  return { name: `claim-${toDnsLabel(claim)}`.slice(0, 63), persistentVolumeClaim: { claimName: claim } }
}

/** Files of the request are a ConfigMap, which is never written to; a path of the machine is what the policy allows. */
function toBind(mount: BindMount, at: number, context: Context): Mounted | null {
  const tree = context.spec.files[mount.source]
  if (!tree) {
    const volume = { name: `host-${at}`, hostPath: { path: mount.source } }
    return mount.source.startsWith('/') ? withMount(volume, mount) : null
  }
  const items = toFileKeys(tree).map(({ key, path, mode }) => ({ key, path, mode }))
  const name = toFilesName(mount.source, tree, context)
  const volume = { name: `files-${at}`, configMap: { name, items } }
  return withMount(volume, { ...mount, readOnly: true }, '' in tree ? (items[0]?.path ?? null) : null)
}

function toImageVolume({ image }: ImageMount, at: number): V1Volume {
  return { name: `image-${at}`, image: { reference: image } }
}

function withMount(
  volume: V1Volume,
  { target, readOnly }: Pick<Mount, 'target' | 'readOnly'>,
  subPath: string | null = null,
): Mounted {
  return {
    volume,
    mount: { mountPath: target, ...(subPath && { subPath }), ...(readOnly && { readOnly }) },
  }
}

function inMemory(sizeBytes: number | null) {
  return { medium: 'Memory', ...(sizeBytes !== null && { sizeLimit: toMemoryQuantity(sizeBytes) }) }
}
