// Named volumes: one PersistentVolumeClaim each, which all services share that mount it. A claim belongs to tenant and
// system, not to an incarnation: it has no `sid` and no owner, and is there again after `down` and `up`.
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node'
import type { VolumeSpec } from '../../../system/mounts.ts'
import { mountsOf } from '../../../system/mounts-of.ts'
import { cutLabel, LABEL_MAX, toDnsLabel } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { LABEL } from '../labels.ts'
import type { Context } from './context.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toSystemLabels } from './object-labels.ts'
import { toAnnotations } from './pod-metadata.ts'
import { driverOf } from './volume-driver.ts'
import { toClaimSettings } from './volume-settings.ts'

/** A volume that is made by Tycho, unless the file says that it is there. */
export function isMade({ external, name }: VolumeSpec): boolean {
  return !external && name === null
}

/** The name of the claim of a named volume, whoever makes it. */
export function toClaimName(volume: string, { spec, identity }: Context): string {
  const given = spec.volumes[volume]
  if (given && !isMade(given)) return given.name ?? volume
  return cutLabel(`${identity.name}-${toDnsLabel(volume)}`, LABEL_MAX)
}

/** Of those that a service mounts. */
export function toClaims(context: Context): Manifest[] {
  return Object.entries(context.spec.volumes)
    .filter(
      ([name, volume]) => isMade(volume) && driverOf(volume).kind === 'claim' && context.podsWith.has(name),
    )
    .map(([name, volume]) => toClaim(name, volume, context))
}

const FIELDS = { size: 'spec.resources.requests.storage', storageClass: 'spec.storageClassName' } as const

function toClaim(name: string, volume: VolumeSpec, context: Context): Manifest {
  const { identity } = context
  const { [LABEL.sid]: _sid, ...labels } = toSystemLabels(identity)
  const { size, storageClass, selector, assumed } = toClaimSettings(volume, context.policy.volumes)
  const object = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...toMetadata(identity, toClaimName(name, context), labels),
      annotations: toAnnotations(volume.labels),
    },
    spec: {
      accessModes: [toAccessMode(name, volume, context)],
      resources: { requests: { storage: size } },
      storageClassName: storageClass ?? undefined,
      selector: selector ? { matchLabels: selector } : undefined,
    },
  } satisfies V1PersistentVolumeClaim
  return { ...toManifest(object, `volumes.${name}`), assumed: assumed.map((one) => FIELDS[one]) }
}

/** What one pod holds alone can be on any disk; what several hold must be reachable from all nodes. */
export function toAccessMode(name: string, volume: VolumeSpec, context: Context): string {
  return (
    toClaimSettings(volume, context.policy.volumes).accessMode ??
    ((context.podsWith.get(name) ?? 0) > 1 ? 'ReadWriteMany' : 'ReadWriteOnce')
  )
}

/** Whether a new pod of the service can't have its volumes before the old one has let go of them. */
export function holdsVolumesAlone(service: ServiceSpec, context: Context): boolean {
  return mountsOf(service, context.spec).some((mount) => {
    if (mount.type !== 'volume' || mount.volume === null) return false
    const volume = context.spec.volumes[mount.volume]
    if (!volume || !isMade(volume) || driverOf(volume).kind !== 'claim') return false
    return toAccessMode(mount.volume, volume, context).startsWith('ReadWriteOnce')
  })
}
