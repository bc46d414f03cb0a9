// `configs` and `secrets` of a service: files at their paths and modes.
import { posix } from 'node:path'
import type { V1VolumeProjection } from '@kubernetes/client-node'
import {
  SECRETS_FOLDER,
  toConfigTarget,
  toGrantedMode,
  toSecretTarget,
} from '../../../system/file-targets.ts'
import type { FileGrant } from '../../../system/files.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { type Section, toHeldFile } from './file-objects.ts'
import type { Mounted } from './volumes.ts'

type Granted = { section: Section; grant: FileGrant; target: string }

/**
 * Secrets in their usual folder are one volume, the folder; every other file is mounted alone, because what else the
 * image has beside it must stay.
 */
export function toGranted(service: ServiceSpec, context: Context): Mounted[] {
  const all: Granted[] = [
    ...service.configs.map((grant) => ({
      section: 'configs' as const,
      grant,
      target: toConfigTarget(grant),
    })),
    ...service.secrets.map((grant) => ({
      section: 'secrets' as const,
      grant,
      target: toSecretTarget(grant),
    })),
  ]
  const inFolder = all.filter(isInFolder)
  const alone = all.filter((granted) => !isInFolder(granted))
  return [...(inFolder.length > 0 ? [toFolder(inFolder, context)] : []), ...toSingleFiles(alone, context)]
}

function isInFolder({ section, target }: Granted): boolean {
  return section === 'secrets' && target.startsWith(`${SECRETS_FOLDER}/`)
}

function toFolder(granted: Granted[], context: Context): Mounted {
  const sources = granted.map((one) =>
    toProjection(one, one.target.slice(SECRETS_FOLDER.length + 1), context),
  )
  return {
    volume: { name: 'secrets', projected: { sources } },
    mount: { mountPath: SECRETS_FOLDER, readOnly: true },
  }
}

function toSingleFiles(granted: Granted[], context: Context): Mounted[] {
  const path = (at: number) => `${at}/${posix.basename(granted[at]?.target ?? '')}`
  const sources = granted.map((one, at) => toProjection(one, path(at), context))
  return granted.map(({ target }, at) => ({
    volume: { name: 'granted', projected: { sources } },
    mount: { mountPath: target, subPath: path(at), readOnly: true },
  }))
}

function toProjection({ section, grant }: Granted, path: string, context: Context): V1VolumeProjection {
  const { name, key } = toHeldFile(section, grant.source, context)
  const source = { name, items: [{ key, path, mode: toGrantedMode(grant) }] }
  return section === 'configs' ? { configMap: source } : { secret: source }
}

/** Whether a file is closed to others than its owner, root, and the pod's group. */
export function hasClosedFiles({ configs, secrets }: ServiceSpec): boolean {
  return [...configs, ...secrets].some(({ mode }) => mode !== null && (mode & 0o004) === 0)
}
