// Configs, secrets and files of the request: objects of the swarm, which brings them to the nodes that need them.
import { modeOf } from '../../../../system/file-keys.ts'
import { contentOf, toConfigTarget, toGrantedMode, toSecretTarget } from '../../../../system/file-targets.ts'
import type { FileContent, FileGrant } from '../../../../system/files.ts'
import { hashOf } from '../../../../system/hash.ts'
import type { BindMount } from '../../../../system/mounts.ts'
import type { ServiceSpec } from '../../../../system/spec.ts'
import type { Manifest } from '../../../orchestrator.ts'
import type { Context } from '../../compile/context.ts'
import { isSecretSource } from '../../compile/file-objects.ts'
import { toSystemLabels, withOwnLabels } from '../../compile/manifest.ts'
import { toPrefix } from '../../compile/names.ts'
import type { FileObject, ServiceFile } from '../objects.ts'
import { toManifest } from './manifest.ts'
import { toFileName } from './names.ts'

type Held = ServiceFile & { content: FileContent | null; external: boolean; labels: Record<string, string> }

/** Each once; several places of a service may show the same one. */
export function toFiles(name: string, service: ServiceSpec, context: Context): Manifest[] {
  const held = heldBy(name, service, context)
  const byName = new Map(held.map((one) => [`${one.kind}/${one.file}`, one]))
  return [...byName.values()].map(({ kind, file, content, external, labels }) => {
    const own = toSystemLabels(context.identity)
    const object: FileObject = { kind, name: file, labels: withOwnLabels(labels, own), external, content }
    return toManifest(object, `services.${name}`)
  })
}

export function toServiceFiles(name: string, service: ServiceSpec, context: Context): ServiceFile[] {
  return heldBy(name, service, context).map(({ kind, file, target, uid, gid, mode }) => ({
    kind,
    file,
    target,
    uid,
    gid,
    mode,
  }))
}

function heldBy(name: string, service: ServiceSpec, context: Context): Held[] {
  return [
    ...service.configs.flatMap((grant) => heldFile('config', name, grant, context)),
    ...service.secrets.flatMap((grant) => heldFile('secret', name, grant, context)),
    ...service.mounts.flatMap((mount) => (mount.type === 'bind' ? heldTree(name, mount, context) : [])),
  ]
}

function heldFile(kind: FileObject['kind'], name: string, grant: FileGrant, context: Context): Held[] {
  const { identity, spec } = context
  const file = (kind === 'config' ? spec.configs : spec.secrets)[grant.source]
  if (!file) return []
  const at = {
    kind,
    target: kind === 'config' ? toConfigTarget(grant) : toSecretTarget(grant),
    uid: grant.uid ?? '0',
    gid: grant.gid ?? '0',
    mode: toGrantedMode(grant),
    labels: file.labels,
  }
  if (file.source.kind === 'external') {
    const there = `${toPrefix(identity)}${file.name ?? grant.source}`
    return [{ ...at, file: there, content: null, external: true }]
  }
  const content = contentOf(file, spec.files)
  if (content === null) return []
  return [{ ...at, file: toFileName(identity, name, hashOf([kind, content])), content, external: false }]
}

/** One object for each file: a swarm knows no folders of them. */
function heldTree(name: string, { source, target }: BindMount, { identity, spec }: Context): Held[] {
  const kind = isSecretSource(source, spec) ? 'secret' : 'config'
  return Object.entries(spec.files[source] ?? {}).map(([path, content]) => ({
    kind,
    file: toFileName(identity, name, hashOf([kind, content])),
    target: path === '' ? target : `${target.replace(/\/$/, '')}/${path}`,
    uid: '0',
    gid: '0',
    mode: modeOf(content),
    content,
    external: false,
    labels: {},
  }))
}
