// Named volumes that no claim can stand for, or that ask for something else than they say.
import type { Problem } from '../../../problem.ts'
import type { VolumeSpec } from '../../../system/mounts.ts'
import { toDnsLabel } from '../../../system/names.ts'
import { isMade, toAccessMode, toClaimName } from './claims.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { X_K8S } from './extensions.ts'
import { isReadOfKompose, KOMPOSE_VOLUME } from './kompose.ts'
import { driverOf } from './volume-driver.ts'
import { isQuantity, toClaimSettings } from './volume-settings.ts'

/** A claim's name (RFC 1123 subdomain). */
const OBJECT_NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/

export function checkVolumes(context: Context): Problem[] {
  const volumes = Object.entries(context.spec.volumes)
  return [...volumes.flatMap(([name, volume]) => checkVolume(name, volume, context)), ...checkAlike(context)]
}

function checkVolume(name: string, volume: VolumeSpec, context: Context): Problem[] {
  const path = `volumes.${name}`
  return [
    ...checkLabels(path, volume),
    ...(isMade(volume) ? checkMade(name, volume, context) : checkForeign(path, name, context)),
  ]
}

function checkLabels(path: string, { labels }: VolumeSpec): Problem[] {
  const unread = Object.keys(labels).filter(
    (label) => label.startsWith('kompose.') && !isReadOfKompose(label, 'volume'),
  )
  return unread.map((label) => {
    const message = `\`${label}\` is no label of Kompose that is read of a volume: remove it.`
    return remark('INVALID_VOLUME_SETTING', `${path}.labels.${label}`, message)
  })
}

function checkForeign(path: string, name: string, context: Context): Problem[] {
  const claim = toClaimName(name, context)
  if (!OBJECT_NAME.test(claim)) {
    const message = `\`${claim}\` can't be the name of a claim: it has small letters, digits, - and . only.`
    return [remark('INVALID_OBJECT_NAME', `${path}.name`, message)]
  }
  const message = `The claim \`${claim}\` must be in the namespace already: it is neither made nor deleted.`
  return [remark('VOLUME_NOT_MADE', path, message)]
}

function checkMade(name: string, volume: VolumeSpec, context: Context): Problem[] {
  const path = `volumes.${name}`
  const { kind } = driverOf(volume)
  if (kind === 'unknown') {
    const message = `A cluster has no volume driver \`${volume.driver ?? 'local'}\` with these options: leave them out, or use nfs.`
    return [
      remark('NOT_ON_KUBERNETES', `${path}.${volume.driver === null ? 'driver_opts' : 'driver'}`, message),
    ]
  }
  if (kind === 'host' && !context.policy.allow.includes('host_path')) {
    const message = 'A folder of the machine is given here, which the operator does not allow: leave it out.'
    return [remark('NOT_ALLOWED', `${path}.driver_opts`, message)]
  }
  return kind === 'claim' ? [...checkSize(path, volume, context), ...checkShared(name, volume, context)] : []
}

function checkSize(path: string, volume: VolumeSpec, { policy }: Context): Problem[] {
  const { size } = toClaimSettings(volume, policy.volumes)
  if (isQuantity(size)) return []
  const key = volume.labels[KOMPOSE_VOLUME.size] === size ? `labels.${KOMPOSE_VOLUME.size}` : `${X_K8S}.size`
  const message = `\`${size}\` is no size: write it as \`10Gi\`.`
  return [remark('INVALID_VOLUME_SETTING', `${path}.${key}`, message)]
}

function checkShared(name: string, volume: VolumeSpec, context: Context): Problem[] {
  const pods = context.podsWith.get(name) ?? 0
  const mode = toAccessMode(name, volume, context)
  if (pods < 2 || toClaimSettings(volume, context.policy.volumes).accessMode !== null) return []
  const message = `Several pods mount it, so the claim asks for ${mode}, which not every storage class gives: set \`${X_K8S}.accessMode\` for another.`
  return [remark('VOLUME_SHARED', `volumes.${name}`, message)]
}

function checkAlike({ spec }: Context): Problem[] {
  const holders = new Map<string, string>()
  return Object.keys(spec.volumes).flatMap((name) => {
    const label = toDnsLabel(name)
    const other = holders.get(label)
    holders.set(label, other ?? name)
    if (other === undefined) return []
    const message = `\`${name}\` and \`${other}\` would be one claim: rename one.`
    return [remark('VOLUMES_ALIKE', `volumes.${name}`, message)]
  })
}
