// Named volumes of a system: they belong to it, and outlive its incarnations.

import type { VolumeSpec } from '../../../system/mounts.ts'
import { mountsOf } from '../../../system/mounts-of.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { VolumeObject } from '../objects.ts'
import type { Context } from './context.ts'
import { toLastingLabels, toManifest, withOwnLabels } from './manifest.ts'
import { toPartName, toPrefix } from './names.ts'

/** Of volumes that some service mounts, in the order of the file; then those that are mounted by their own names. */
export function toVolumes(context: Context): Manifest[] {
  const { spec } = context
  const mounts = Object.values(spec.services).flatMap((service) => mountsOf(service, spec))
  const used = new Set(mounts.flatMap((mount) => (mount.type === 'volume' ? (mount.volume ?? []) : [])))
  const claims = new Set(mounts.flatMap((mount) => (mount.type === 'claim' ? mount.claim : [])))
  return [
    ...Object.entries(spec.volumes)
      .filter(([key]) => used.has(key))
      .map(([key, volume]) => toVolume(key, volume, context)),
    ...[...claims].map((claim) => toFoundVolume(claim, context)),
  ]
}

/** The engine's name of a volume of the file. */
export function toVolumeName(key: string, { identity, spec }: Context): string {
  const described = spec.volumes[key] ?? { name: null, external: false }
  return `${toPrefix(identity)}${toPartName(identity.name, key, described)}`
}

/** Of a volume that a service mounts as `pvc://NAME`. */
export function toFoundName(claim: string, { identity }: Context): string {
  return `${toPrefix(identity)}${claim}`
}

function toVolume(key: string, volume: VolumeSpec, context: Context): Manifest {
  const object: VolumeObject = {
    kind: 'volume',
    name: toVolumeName(key, context),
    labels: withOwnLabels(volume.labels, toLastingLabels(context.identity)),
    external: volume.external,
    driver: volume.driver ?? 'local',
    driverOptions: volume.driverOptions,
  }
  return toManifest(object, `volumes.${key}`)
}

function toFoundVolume(claim: string, context: Context): Manifest {
  const object: VolumeObject = {
    kind: 'volume',
    name: toFoundName(claim, context),
    labels: toLastingLabels(context.identity),
    external: true,
    driver: 'local',
    driverOptions: {},
  }
  return toManifest(object, 'services')
}
