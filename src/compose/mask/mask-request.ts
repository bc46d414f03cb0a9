// A request as it may be shown again: its files as they were sent, with what is secret masked.
import { maskWhole } from '../../system/mask-values.ts'
import {
  createMasker,
  isReference,
  isSecretName,
  namedSecrets,
  secretValuesOf,
} from '../../system/secret-values.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { RequestFile, RequestFiles } from '../load/project-files.ts'
import { resolvePath } from '../load/project-path.ts'
import { maskYaml } from './mask-yaml.ts'

/** As `ComposeInput` has them. `profiles` null: the request does not say. */
export type SentRequest = {
  compose: unknown
  env: Readonly<Record<string, string>>
  files: RequestFiles
  profiles: readonly string[] | null
}

type MaskText = (text: string) => string

/** `spec`: what was read from it. Nothing else of the request changes: a masked text is as long as the one that was sent. */
export function maskRequest({ compose, env, files, profiles }: SentRequest, spec: SystemSpec): SentRequest {
  const mask = createMasker([...secretValuesOf(spec), ...namedSecrets(env)])
  return {
    compose: Array.isArray(compose)
      ? compose.map((file) => maskCompose(file, mask))
      : maskCompose(compose, mask),
    env: maskEnvironment(env, spec, mask),
    files: maskFiles(files, spec, mask),
    profiles,
  }
}

function maskCompose(file: unknown, mask: MaskText): unknown {
  return typeof file === 'string' ? maskYamlText(file, mask) : maskTree(file, '', mask)
}

function maskTree(value: unknown, key: string, mask: MaskText): unknown {
  if (Array.isArray(value)) return value.map((item) => maskTree(item, '', mask))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, maskTree(item, name, mask)]))
  }
  if (value === null || typeof value === 'boolean') return value
  if (isSecretName(key)) return maskWhole(String(value))
  return typeof value === 'string' ? maskLines(value, mask) : value
}

/** Where it can't be read as YAML, as any other text. */
function maskYamlText(text: string, mask: MaskText): string {
  try {
    return mask(maskYaml(text))
  } catch {
    return maskLines(text, mask)
  }
}

/** `NAME=value` of a file of variables: the whole value. */
const VARIABLE = /^([ \t]*(?:export[ \t]+)?([-\w.]+)[ \t]*[=:][ \t]*)(\S.*)$/gm

function maskLines(text: string, mask: MaskText): string {
  const named = text.replace(VARIABLE, (whole, before: string, name: string, value: string) =>
    isSecretName(name) && !isReference(value) ? before + maskWhole(value) : whole,
  )
  return mask(named)
}

function maskFile(file: RequestFile, maskText: MaskText): RequestFile {
  if (typeof file === 'string') return maskText(file)
  // One byte is one character, so that what is masked stays as long as it was.
  const bytes = Buffer.from(file.base64, 'base64').toString('latin1')
  return { base64: Buffer.from(maskText(bytes).replaceAll('•', '*'), 'latin1').toString('base64') }
}

function maskFiles(files: RequestFiles, { secrets }: SystemSpec, mask: MaskText): RequestFiles {
  const sources = Object.values(secrets).flatMap(({ source }) => (source.kind === 'file' ? source.path : []))
  const secretPaths = new Set(sources.map(toPath))
  const howTo = (path: string): MaskText => {
    if (secretPaths.has(toPath(path))) return maskWhole
    return (text) => (/\.(?:ya?ml|json)$/i.test(path) ? maskYamlText(text, mask) : maskLines(text, mask))
  }
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [path, maskFile(file, howTo(path))]))
}

/** `./a/../key.pem` is `key.pem`. */
function toPath(path: string): string {
  const resolved = resolvePath('', path)
  return resolved.ok ? resolved.path : path
}

/** A variable that a secret is made of counts as one, however it is called. */
function maskEnvironment(env: SentRequest['env'], { secrets }: SystemSpec, mask: MaskText) {
  const sources = Object.values(secrets).map(({ source }) =>
    source.kind === 'environment' ? source.variable : null,
  )
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      isSecretName(name) || sources.includes(name) ? maskWhole(value) : mask(value),
    ]),
  )
}
