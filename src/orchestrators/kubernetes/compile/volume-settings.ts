// What Compose cannot say of a volume: size, class and access mode, from `x-k8s` or Kompose's labels.
import { Value } from 'typebox/value'
import type { VolumeSpec } from '../../../system/mounts.ts'
import { VOLUME_SIZE, type VolumeDefaults } from '../../../system/policy.ts'
import { toMemoryQuantity } from '../quantity.ts'
import { VolumeExtension, X_K8S } from './extensions.ts'
import { KOMPOSE_VOLUME } from './kompose.ts'

/** `storageClass` null: the cluster's default. */
export type ClaimSettings = {
  size: string
  storageClass: string | null
  accessMode: string | null
  selector: Record<string, string> | null
  /** What of these the file does not say. */
  assumed: ('size' | 'storageClass')[]
}

/** A claim must name a size; most classes give more than was asked for, and can be told later to grow. */
const DEFAULT_SIZE = '1Gi'

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = new RegExp(VOLUME_SIZE)
const BINARY = /^(\d+)([KMGTP])i$/
const POWERS: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4, P: 5 }

/** `defaults`: the operator's. */
export function toClaimSettings(volume: VolumeSpec, defaults: VolumeDefaults): ClaimSettings {
  const given = extensionOf(volume)
  const size = given.size ?? volume.labels[KOMPOSE_VOLUME.size]
  const storageClass = given.storageClass ?? volume.labels[KOMPOSE_VOLUME.storageClass]
  return {
    size:
      typeof size === 'number' ? toMemoryQuantity(size) : canonical(size ?? defaults.size ?? DEFAULT_SIZE),
    storageClass: storageClass ?? defaults.storageClass,
    accessMode: given.accessMode ?? null,
    selector: given.selector ?? toSelector(volume.labels[KOMPOSE_VOLUME.selector]),
    assumed: [
      ...(size === undefined ? (['size'] as const) : []),
      ...(storageClass === undefined ? (['storageClass'] as const) : []),
    ],
  }
}

/** `key=value, …`; a word alone is the value of the label that Kompose gives to all that it makes. */
function toSelector(given: string | undefined): Record<string, string> | null {
  if (given === undefined) return null
  const pairs = given.split(',').map((pair) => pair.trim().split('='))
  return Object.fromEntries(
    pairs.map(([key = '', value]) => (value === undefined ? ['io.kompose.service', key] : [key, value])),
  )
}

export function isQuantity(size: string): boolean {
  return QUANTITY.test(size)
}

/** An extension of another shape says nothing here; that is complained of elsewhere. */
function extensionOf({ extensions }: VolumeSpec): VolumeExtension {
  const given = extensions[X_K8S]
  return Value.Check(VolumeExtension, given) ? given : {}
}

/** As the API server writes it (`1024Mi` is `1Gi`), so that an equal size is seen to be equal. */
function canonical(size: string): string {
  const match = BINARY.exec(size)
  return match ? toMemoryQuantity(Number(match[1]) * 1024 ** (POWERS[match[2] ?? ''] ?? 0)) : size
}
