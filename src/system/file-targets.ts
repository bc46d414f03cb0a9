// Where a service finds its configs and secrets (specification, "configs" and "secrets").
import { posix } from 'node:path'
import type { FileContent, FileGrant, FileSpec, FileTree } from './files.ts'

export const SECRETS_FOLDER = '/run/secrets'

/** Readable by all; the bits for writing are ignored. */
const DEFAULT_MODE = 0o444
const NOT_WRITABLE = 0o555

export function toConfigTarget({ source, target }: FileGrant): string {
  return posix.join('/', target ?? source)
}

export function toSecretTarget({ source, target }: FileGrant): string {
  const path = target ?? source
  return path.startsWith('/') ? posix.normalize(path) : posix.join(SECRETS_FOLDER, path)
}

export function toGrantedMode({ mode }: FileGrant): number {
  return (mode ?? DEFAULT_MODE) & NOT_WRITABLE
}

/** Null where there is none to be had: that is a Problem, or it is somewhere else. `files`: those of the system. */
export function contentOf(
  { source }: FileSpec,
  files: Readonly<Record<string, FileTree>>,
): FileContent | null {
  switch (source.kind) {
    case 'file':
      return files[source.path]?.[''] ?? null
    case 'environment':
      return source.value
    case 'content':
      return source.content
    case 'external':
    case 'driver':
      return null
    default:
      return source satisfies never
  }
}
