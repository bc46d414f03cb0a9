// Brings the files that Compose files name: the parser says which ones it lacks, and they are read from the disk until it
// lacks none that is there. What they name in turn is found the same way.
import { dirname } from 'node:path'
import type { RequestFile } from '../compose/load/project-files.ts'
import { parseCompose } from '../compose/parse.ts'
import { readFolder } from './build-folder.ts'
import type { Variables } from './env-file.ts'
import { readInside } from './read-inside.ts'
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
  // Their variables are not the Compose file's, so nothing of the shell is sent for them.
  const built: ProjectFiles = {}
  const walked = new Set<string>()
  for (;;) {
    const env = await variables({ ...source, files })
    const { filesWanted, foldersWanted } = parseCompose({
      compose: composeOf(source),
      env,
      files: { ...built, ...files },
      ...(profiles && { profiles }),
    })
    const wanted = filesWanted.filter((path) => !missing.has(path))
    const folders = foldersWanted.filter((path) => !walked.has(path))
    if (wanted.length === 0 && folders.length === 0) return { files: { ...built, ...files }, env }
    for (const path of folders) {
      walked.add(path)
      Object.assign(built, await readFolder(folder, path))
    }
    for (const path of wanted) {
      const file = await readInside(folder, path)
      if (file === null) missing.add(path)
      else files[path] = file
    }
  }
}
