// Configs, secrets and files of the project: one ConfigMap or Secret each, with a hash of the content in its name. A
// change is then another object and another pod template, so it rolls out, and pods never see half of it.
import type { V1ConfigMap, V1Secret } from '@kubernetes/client-node'
import { toFileKeys } from '../../../system/file-keys.ts'
import { contentOf } from '../../../system/file-targets.ts'
import type { FileContent, FileSpec, FileTree } from '../../../system/files.ts'
import { hashOf } from '../../../system/hash.ts'
import { mountsOf } from '../../../system/mounts-of.ts'
import { cutLabel, toDnsLabel } from '../../../system/names.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { Context } from './context.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toSystemLabels } from './object-labels.ts'
import { toAnnotations } from './pod-metadata.ts'

export type Section = 'configs' | 'secrets'

/** 10 hex digits and a hyphen fit after it. */
const NAME_MAX = 52
const HASH_DIGITS = 10

/** The object that holds a config or a secret, and the key in it. */
export type HeldFile = { name: string; key: string }

/** An external one is called as the file says, and holds the content under the key by which the file knows it. */
export function toHeldFile(section: Section, source: string, context: Context): HeldFile {
  const file = context.spec[section][source]
  const key = toKey(source)
  if (file?.source.kind === 'external') return { name: file.name ?? source, key }
  return {
    name: toName(source, [section, source, file && contentOf(file, context.spec.files)], context),
    key,
  }
}

/** The ConfigMap that holds what came with the request for a path. */
export function toFilesName(path: string, tree: FileTree, context: Context): string {
  return toName(
    path.split('/').findLast((part) => /[a-z0-9]/i.test(part)) ?? 'files',
    ['files', path, tree],
    context,
  )
}

export function toFileObjects(context: Context): Manifest[] {
  const { configs, secrets } = context.spec
  return [
    ...Object.entries(configs).flatMap(([name, file]) => toConfigMap(name, file, context) ?? []),
    ...Object.entries(secrets).flatMap(([name, file]) => toSecret(name, file, context) ?? []),
    ...toProjectFiles(context),
  ]
}

function toConfigMap(name: string, file: FileSpec, context: Context): Manifest | null {
  const content = contentOf(file, context.spec.files)
  if (content === null) return null
  const held = toHeldFile('configs', name, context)
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(held.name, context, file.labels),
    immutable: true,
    ...toConfigMapData([[held.key, content]]),
  } satisfies V1ConfigMap
  return toManifest(object, `configs.${name}`)
}

function toSecret(name: string, file: FileSpec, context: Context): Manifest | null {
  const content = contentOf(file, context.spec.files)
  if (content === null) return null
  const held = toHeldFile('secrets', name, context)
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(held.name, context, file.labels),
    type: 'Opaque',
    immutable: true,
    data: { [held.key]: toBase64(content) },
  } satisfies V1Secret
  return toManifest(object, `secrets.${name}`)
}

function toProjectFiles(context: Context): Manifest[] {
  const { services, files } = context.spec
  const paths = new Map<string, string>()
  for (const [name, service] of Object.entries(services))
    for (const [at, mount] of mountsOf(service, context.spec).entries())
      if (mount.type === 'bind' && !paths.has(mount.source))
        paths.set(mount.source, `services.${name}.volumes[${at}]`)
  return [...paths].flatMap(([source, path]) => {
    const tree = files[source]
    return tree ? [toFilesMap(source, tree, path, context)] : []
  })
}

function toFilesMap(source: string, tree: FileTree, path: string, context: Context): Manifest {
  const keys = toFileKeys(tree)
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadataOf(toFilesName(source, tree, context), context),
    immutable: true,
    ...toConfigMapData(keys.map(({ key, content }) => [key, content])),
  } satisfies V1ConfigMap
  return toManifest(object, path)
}

function metadataOf(name: string, { identity }: Context, labels: Record<string, string> = {}) {
  return { ...toMetadata(identity, name, toSystemLabels(identity)), annotations: toAnnotations(labels) }
}

/** Text is `data`, which can be read and reviewed; what is no UTF-8 is `binaryData`. */
function toConfigMapData(entries: [string, FileContent][]): Pick<V1ConfigMap, 'data' | 'binaryData'> {
  const data = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const binary = entries.flatMap(([key, content]): [string, string][] =>
    typeof content === 'string' ? [] : [[key, content.base64]],
  )
  return {
    ...(data.length > 0 && { data: Object.fromEntries(data) }),
    ...(binary.length > 0 && { binaryData: Object.fromEntries(binary) }),
  }
}

function toBase64(content: FileContent): string {
  return typeof content === 'string' ? Buffer.from(content).toString('base64') : content.base64
}

/** Two systems whose names meet (`a-b` with `c`, `a` with `b-c`) still have objects of their own. */
function toName(about: string, content: unknown, { identity }: Context): string {
  const name = cutLabel([identity.name, toDnsLabel(about)].filter(Boolean).join('-'), NAME_MAX)
  return `${name}-${hashOf([identity.name, content]).slice(0, HASH_DIGITS)}`
}

/** https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object; Compose allows the same letters. */
function toKey(name: string): string {
  return name.replaceAll(/[^-._a-zA-Z0-9]/g, '_').replace(/^\.\.?/, '_')
}
