// Paths of files beside a Compose file. All are kept relative to the project directory, which is `''`; nothing leaves it.

export type ProjectPath = { ok: true; path: string } | { ok: false; reason: string }

/** `path` as it stands in a file that is read from `directory`; `a/./b/../c` is `a/c`. */
export function resolvePath(directory: string, path: string): ProjectPath {
  if (path === '' || path.includes('\0')) return { ok: false, reason: 'it is no path' }
  if (isAbsolute(path))
    return { ok: false, reason: 'it is absolute, and files are named relative to the project' }
  const segments = directory === '' ? [] : directory.split('/')
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(segment)
    else if (segments.pop() === undefined) return { ok: false, reason: 'it leaves the project directory' }
  }
  return { ok: true, path: segments.join('/') }
}

/** POSIX, home (`~`) and Windows forms. */
export function isAbsolute(path: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:[\\/])/.test(path)
}

/** What a file would have to be fetched from: git, OCI and HTTP (specification, "include", and the reference loader). */
export function isRemote(path: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|oci:|git@|github\.com\/)/i.test(path) || /\.git(?:#.*)?$/.test(path)
}

export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}
