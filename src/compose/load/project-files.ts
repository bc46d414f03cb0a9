// The files that came with a request. Whoever reads one that is not there leaves its name, so that a caller with a disk
// can bring it and ask again; nothing here has a disk.
import type { ComposeLimits } from '../limits.ts'
import { overLimit } from '../read/read-error.ts'
import type { Reporter } from '../report.ts'
import { resolvePath } from './project-path.ts'

/** Text, or bytes in base64 (RFC 4648, section 4). */
export type RequestFile = string | { base64: string }

export type RequestFiles = Readonly<Record<string, RequestFile>>

/** `binary`: its bytes are no UTF-8 text. */
export type FileText = { kind: 'text'; text: string } | { kind: 'absent' } | { kind: 'binary' }

/** Paths are relative to the project directory, as `resolvePath` gives them. */
export type ProjectFiles = {
  has(path: string): boolean
  text(path: string): FileText
  /** null: it is not there. */
  bytes(path: string): Uint8Array | null
  /** The paths of all files below a folder, in order; all of them for `''`. */
  below(folder: string): string[]
  /** Whether one of its files is there; it is not asked for. */
  hasFolder(folder: string): boolean
  /** Whoever has the whole folder may send it along. */
  wantFolder(folder: string): void
  /** What was asked for and is not there. */
  wanted(): string[]
  foldersWanted(): string[]
}

/** Reports names that are no paths and contents that are no base64; throws ReadError beyond the limits. */
export function createProjectFiles(
  files: RequestFiles,
  limits: ComposeLimits,
  reporter: Reporter,
): ProjectFiles {
  const contents = readContents(files, limits, reporter)
  const wanted = new Set<string>()
  const folders = new Set<string>()
  const pathsIn = (folder: string) =>
    [...contents.keys()].filter((path) => folder === '' || path.startsWith(`${folder}/`))
  const find = (path: string): string | Uint8Array | null => {
    const content = contents.get(path) ?? null
    if (content === null) wanted.add(path)
    return content
  }
  return {
    has: (path) => find(path) !== null,
    text: (path) => toText(find(path)),
    bytes(path) {
      const content = find(path)
      return typeof content === 'string' ? Buffer.from(content) : content
    },
    below(folder) {
      const paths = pathsIn(folder).sort()
      if (paths.length === 0) wanted.add(folder)
      return paths
    },
    hasFolder: (folder) => pathsIn(folder).length > 0,
    wantFolder: (folder) => folders.add(folder),
    wanted: () => [...wanted].sort(),
    foldersWanted: () => [...folders].sort(),
  }
}

function readContents(
  files: RequestFiles,
  limits: ComposeLimits,
  reporter: Reporter,
): Map<string, string | Uint8Array> {
  const names = Object.keys(files)
  if (names.length > limits.files) {
    throw overLimit('TOO_MANY_FILES', 'The request has too many files', limits.files, 'send fewer', -1)
  }
  const contents = new Map<string, string | Uint8Array>()
  let bytes = 0
  for (const name of names) {
    const content = readContent(name, files[name] ?? '', reporter)
    bytes += typeof content === 'string' ? Buffer.byteLength(content) : content.length
    if (bytes > limits.filesBytes) {
      const what = 'The files of the request have too many bytes together'
      throw overLimit('FILES_TOO_LARGE', what, limits.filesBytes, 'send less', -1)
    }
    const resolved = resolvePath('', name)
    if (resolved.ok && resolved.path !== '' && !contents.has(resolved.path))
      contents.set(resolved.path, content)
    else
      reportName(
        name,
        resolved.ok ? 'it names no file, or one that is there already' : resolved.reason,
        reporter,
      )
  }
  return contents
}

function readContent(name: string, file: RequestFile, reporter: Reporter): string | Uint8Array {
  if (typeof file === 'string') return file
  const digits = file.base64.replace(/[\r\n\t ]/g, '')
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) return Buffer.from(digits, 'base64')
  const message = `The content of the file \`${cut(name)}\` is no base64: encode its bytes by RFC 4648.`
  reporter.report({ code: 'INVALID_BASE64', path: '', message })
  return ''
}

function reportName(name: string, reason: string, reporter: Reporter): void {
  const message = `The file name \`${cut(name)}\` can't be used (${reason}): name it relative to the project directory.`
  reporter.report({ code: 'INVALID_FILE_NAME', path: '', message })
}

function toText(content: string | Uint8Array | null): FileText {
  if (content === null) return { kind: 'absent' }
  if (typeof content === 'string') return { kind: 'text', text: content }
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(content) }
  } catch {
    return { kind: 'binary' }
  }
}

function cut(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name
}
