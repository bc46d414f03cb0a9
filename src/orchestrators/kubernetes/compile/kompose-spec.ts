// What Kompose's labels stand for, put into the system as its own keys say it: the rest of the compiler reads those.
import type { VolumeSpec } from '../../../system/mounts.ts'
import type { ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import { KOMPOSE, KOMPOSE_VOLUME } from './kompose.ts'
import { KOMPOSE_ROWS } from './kompose-rows.ts'

/** The same system where no label says anything. What a label says wrongly is left out; `checkKompose` tells of it. */
export function withKompose(spec: SystemSpec): SystemSpec {
  const services = Object.entries(spec.services)
  if (!services.some(([, { labels }]) => Object.keys(labels).some((label) => label.startsWith('kompose.'))))
    return spec
  return {
    ...spec,
    services: Object.fromEntries(services.map(([name, service]) => [name, withLabels(service)])),
    volumes: withVolumes(spec),
  }
}

function withLabels(service: ServiceSpec): ServiceSpec {
  return KOMPOSE_ROWS.reduce((changed, { label, change }) => {
    const given = service.labels[label]
    return given === undefined ? changed : change(changed, given)
  }, service)
}

/** A service speaks of the volumes that it mounts; what a volume says itself comes first, and then the first service. */
function withVolumes(spec: SystemSpec): Record<string, VolumeSpec> {
  const volumes = { ...spec.volumes }
  for (const { labels, mounts } of Object.values(spec.services)) {
    const said = Object.fromEntries(
      [
        [KOMPOSE_VOLUME.size, labels[KOMPOSE.volumeSize]],
        [KOMPOSE_VOLUME.storageClass, labels[KOMPOSE.volumeClass]],
      ].filter(([, value]) => value !== undefined),
    )
    for (const mount of mounts) {
      const volume = mount.type === 'volume' && mount.volume !== null ? volumes[mount.volume] : undefined
      if (mount.type !== 'volume' || mount.volume === null || !volume) continue
      volumes[mount.volume] = { ...volume, labels: { ...said, ...volume.labels } }
    }
  }
  return volumes
}
