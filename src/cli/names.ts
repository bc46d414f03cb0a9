// The name of a system that is started from a file which doesn't name it.
import { basename, dirname, relative, resolve, sep } from 'node:path'
import { toSystemName } from '../system/names.ts'

/** File names that say nothing about the system (Compose specification, "Compose file"). */
const defaultFileNames = new Set(['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'])

/**
 * The file's path, relative to `folder`, before its first dot, with `/` as `-`; a default file name gives its folder's
 * name. Null where nothing of it can be a name.
 */
export function nameOfFile(file: string, folder: string): string | null {
  const path = resolve(folder, file)
  if (defaultFileNames.has(basename(path))) return toSystemName(basename(dirname(path)))
  const segments = relative(folder, path).split(sep)
  const below = segments.filter((segment) => segment !== '..').join('-')
  return toSystemName(below.split('.')[0] ?? '')
}
