// Files of the project in a ConfigMap: its keys are names without folders, so the paths stand in the volume's items.
import type { FileContent, FileTree } from './files.ts'

export type FileKey = { path: string; key: string; content: FileContent; mode: number }

const KEY_MAX = 253
const EXECUTABLE = 0o755
const READABLE = 0o644

/** One key for each file; a key that another path has already gets a number. A single file's path is its key. */
export function toFileKeys(tree: FileTree): FileKey[] {
  const taken = new Set<string>()
  return Object.entries(tree).map(([path, content]) => {
    const plain = path === '' ? 'file' : toKey(path)
    let key = plain
    for (let next = 2; taken.has(key); next += 1) key = `${next}-${plain}`
    taken.add(key)
    return { path: path === '' ? key : path, key, content, mode: modeOf(content) }
  })
}

/** Modes do not come with a request. What begins as a script is meant to be run. */
export function modeOf(content: FileContent): number {
  const text =
    typeof content === 'string' ? content : Buffer.from(content.base64, 'base64').toString('latin1')
  return text.startsWith('#!') ? EXECUTABLE : READABLE
}

/** https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object */
function toKey(path: string): string {
  const key = path.replaceAll(/[^-._a-zA-Z0-9]/g, '_').replace(/^\.\./, '__')
  return key.length > KEY_MAX - 8 ? key.slice(-(KEY_MAX - 8)) : key
}
