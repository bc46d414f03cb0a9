// The files of a folder that an image is built from, as far as they are sent along.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFAULT_LIMITS } from '../compose/limits.ts'
import type { RequestFile } from '../compose/load/project-files.ts'
import { hasExceptions, parseIgnored } from '../system/ignored-files.ts'
import { readInside } from './read-inside.ts'

/** What no image is made of, though nobody says so. */
const NEVER = ['.git']

const IGNORE_FILE = '.dockerignore'

/**
 * By their paths from the project's folder, without what `.dockerignore` leaves out; links that lead out of the project
 * are left out, too. Reads one file more than a server takes at most, so that it says so.
 */
export async function readFolder(project: string, folder: string): Promise<Record<string, RequestFile>> {
  const root = join(project, folder)
  const text = await readFile(join(root, IGNORE_FILE), 'utf8').catch(() => '')
  const files: Record<string, RequestFile> = {}
  for (const path of await walk(root, text)) {
    const name = folder === '' ? path : `${folder}/${path}`
    const content = await readInside(project, name)
    if (content !== null) files[name] = content
    if (Object.keys(files).length > DEFAULT_LIMITS.files) break
  }
  return files
}

async function walk(root: string, ignoreText: string): Promise<string[]> {
  const isIgnored = parseIgnored(ignoreText)
  const mayReturn = hasExceptions(ignoreText)
  const paths: string[] = []
  const folders = ['']
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => [])
    for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (NEVER.includes(path)) continue
      if (entry.isDirectory()) {
        if (mayReturn || !isIgnored(path)) folders.push(path)
      } else if (!isIgnored(path) || isNeeded(path)) paths.push(path)
    }
  }
  return paths
}

/** The builder reads them whatever they say of themselves. */
function isNeeded(path: string): boolean {
  return path === IGNORE_FILE || /(?:^|\/)(?:[^/]*\.)?Dockerfile(?:\.[^/]*)?$/.test(path)
}
