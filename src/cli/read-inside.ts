// One file of the project's folder, as it is sent along.
import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { RequestFile } from '../compose/load/project-files.ts'

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
