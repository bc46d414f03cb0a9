/** Folders that belong to a process, so that what a killed one left can be told from what is in use. */
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSameProcess, type ProcessId, startTimeOf } from '../cluster/daemon.ts'

const OWNER = 'owner'

/** Makes a new folder that is this process' own. */
export async function claimFolder(root: string): Promise<string> {
  await mkdir(root, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(root, 'run-'))
  const own: ProcessId = { pid: process.pid, startTime: startTimeOf(process.pid) ?? '' }
  await writeFile(join(folder, OWNER), JSON.stringify(own))
  return folder
}

/** Gives every folder whose process is gone to `remove`. One without an owner is only just being made. */
export async function removeDeadFolders(
  root: string,
  remove: (folder: string) => Promise<void>,
): Promise<void> {
  const names: string[] = await readdir(root).catch(() => [])
  for (const folder of names.map((name) => join(root, name))) {
    const owner = await readFile(join(folder, OWNER), 'utf8').catch(() => undefined)
    if (owner && !isSameProcess(JSON.parse(owner) as ProcessId)) await remove(folder)
  }
}
