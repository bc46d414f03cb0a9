// Brings the files that Compose files name: the parser says which ones it lacks, and they are read from the disk until it
// lacks none that is there. What they name in turn is found the same way.
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { RequestFile } from '../compose/load/project-files.ts'
import { parseCompose } from '../compose/parse.ts'
import type { Variables } from './env-file.ts'
import { composeOf, type Source } from './source.ts'

export type ProjectFiles = Record<string, RequestFile>

/** `.env` beside the first file is read here, so that only those of its variables are sent that are used. */
const readHere = '.env'

/**
 * The files by their paths from the folder of the first Compose file; none from outside of it, not even through links.
 * `variables` gives what `${NAME}` resolves from, for a source with the files found so far.
 */
export async function gatherFiles(
  source: Source,
  profiles: readonly string[] | undefined,
  variables: (source: Source) => Promise<Variables>,
): Promise<{ files: ProjectFiles; env: Variables }> {
  const folder = source.path === null ? '.' : dirname(source.path)
  const files: ProjectFiles = {}
  const missing = new Set([readHere])
  for (;;) {
    const env = await variables({ ...source, files })
    const { filesWanted } = parseCompose({
      compose: composeOf(source),
      env,
      files,
      ...(profiles && { profiles }),
    })
    const wanted = filesWanted.filter((path) => !missing.has(path))
    if (wanted.length === 0) return { files, env }
    for (const path of wanted) {
      const file = await readInside(folder, path)
      if (file === null) missing.add(path)
      else files[path] = file
    }
  }
}

/** Null where there is no such file, it may not be read, or it lies outside of the folder. */
export async function readInside(folder: string, path: string): Promise<RequestFile | null> {
  try {
    const root = await realpath(folder)
    const found = await realpath(join(folder, path))
    if (!found.startsWith(root.endsWith(sep) ? root : root + sep) || !(await stat(found)).isFile())
      return null
    return toRequestFile(await readFile(found))
  } catch {
    return null
  }
}

/** Bytes that are no UTF-8 go as base64. */
function toRequestFile(bytes: Uint8Array): RequestFile {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}
