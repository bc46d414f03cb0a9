// Configs, secrets and files of the request that a service mounts: one object for each service, so that a change of a file
// concerns those alone that mount it.

import { modeOf } from '../../../system/file-keys.ts'
import { contentOf, toConfigTarget, toGrantedMode, toSecretTarget } from '../../../system/file-targets.ts'
import type { FileGrant } from '../../../system/files.ts'
import { hashOf } from '../../../system/hash.ts'
import type { BindMount } from '../../../system/mounts.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { ContainerObject, FileEntry, FilesObject } from '../objects.ts'
import type { Context } from './context.ts'
import { toImageName } from './image.ts'
import { toManifest, toSystemLabels } from './manifest.ts'
import { toFilesName } from './names.ts'

/** What a service mounts at one place: a file, or a folder of files. */
type Held = { key: string; target: string; readOnly: boolean; entries: Record<string, FileEntry> }

type Mounted = ContainerObject['files'][number]

/** Undefined where the service mounts no files. */
export function toFiles(name: string, service: ServiceSpec, context: Context): Manifest | undefined {
  const held = heldBy(service, context)
  if (held.length === 0) return undefined
  const entries = Object.assign({}, ...held.map((one) => one.entries)) as FilesObject['entries']
  const object: FilesObject = {
    kind: 'files',
    name: nameOf(name, held, context),
    labels: toSystemLabels(context.identity),
    image: toImageName(name, service, context),
    entries,
  }
  return toManifest(object, `services.${name}`)
}

export function toFileMounts(name: string, service: ServiceSpec, context: Context): Mounted[] {
  const held = heldBy(service, context)
  if (held.length === 0) return []
  const files = nameOf(name, held, context)
  return held.map(({ key, target, readOnly }) => ({ files, key, target, readOnly }))
}

function nameOf(name: string, held: readonly Held[], { identity }: Context): string {
  return toFilesName(identity, name, hashOf(held.map(({ entries }) => entries)))
}

function heldBy(service: ServiceSpec, context: Context): Held[] {
  return [
    ...service.configs.flatMap((grant, at) => heldFile('configs', at, grant, context)),
    ...service.secrets.flatMap((grant, at) => heldFile('secrets', at, grant, context)),
    ...service.mounts.flatMap((mount, at) => (mount.type === 'bind' ? heldTree(mount, at, context) : [])),
  ]
}

function heldFile(section: 'configs' | 'secrets', at: number, grant: FileGrant, { spec }: Context): Held[] {
  const file = spec[section][grant.source]
  const content = file ? contentOf(file, spec.files) : null
  if (content === null) return []
  const key = `${section}-${at}`
  const isSecret = section === 'secrets'
  const target = isSecret ? toSecretTarget(grant) : toConfigTarget(grant)
  const owner = { uid: Number(grant.uid ?? 0), gid: Number(grant.gid ?? 0) }
  const entry: FileEntry = { content, mode: toGrantedMode(grant), ...owner, secret: isSecret }
  return [{ key, target, readOnly: true, entries: { [key]: entry } }]
}

/** A single file has the path `''` in its tree. */
function heldTree({ source, target, readOnly }: BindMount, at: number, { spec }: Context): Held[] {
  const tree = spec.files[source]
  if (!tree) return []
  const key = `volumes-${at}`
  const isSecret = isSecretSource(source, spec)
  const entries = Object.entries(tree).map(([path, content]): [string, FileEntry] => [
    path === '' ? key : `${key}/${path}`,
    { content, mode: modeOf(content), uid: 0, gid: 0, secret: isSecret },
  ])
  return [{ key, target, readOnly, entries: Object.fromEntries(entries) }]
}

/** A secret's file may be mounted by its path as well. */
export function isSecretSource(path: string, { secrets }: Context['spec']): boolean {
  return Object.values(secrets).some(({ source }) => source.kind === 'file' && source.path === path)
}
