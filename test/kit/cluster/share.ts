/** What several users of the one cluster of this machine need: a lock, the list of users, the kubeconfig's copy. */
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { waitFor } from '../wait.ts'
import { isSameProcess, type ProcessId, startTimeOf } from './daemon.ts'
import type { Report } from './packages.ts'
import { files, type Settings } from './settings.ts'

/** Long enough for somebody else's first build. */
const LOCK_PATIENCE_MS = 30 * 60_000

const own = (): ProcessId => ({ pid: process.pid, startTime: startTimeOf(process.pid) ?? '' })

async function isHeld(path: string): Promise<boolean> {
  try {
    return isSameProcess(JSON.parse(await readFile(path, 'utf8')) as ProcessId)
  } catch {
    return false
  }
}

/** One process at a time starts or stops the cluster; the lock of a dead one is void. */
export async function withLock<T>(settings: Settings, report: Report, work: () => Promise<T>): Promise<T> {
  const path = `${settings.run}.lock`
  await mkdir(dirname(path), { recursive: true })
  let hasSaid = false
  await waitFor(
    'another process to finish starting or stopping the cluster',
    async () => {
      if (await tryLock(path)) return true
      if (!hasSaid) report('waiting: another process is starting or stopping the cluster')
      hasSaid = true
      return false
    },
    { timeoutMs: LOCK_PATIENCE_MS, intervalMs: 500 },
  )
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function tryLock(path: string): Promise<boolean> {
  if (!(await isHeld(path))) await rm(path, { force: true })
  return writeFile(path, JSON.stringify(own()), { flag: 'wx' }).then(
    () => true,
    () => false,
  )
}

/**
 * The test runs that use the cluster, and whether it is only theirs: the last of them stops a temporary cluster.
 * A run that was killed is not counted, so the next one takes over what it left.
 */
const usersFolder = ({ run }: Settings) => `${run}.users`
const temporaryMark = (settings: Settings) => join(usersFolder(settings), 'temporary')

export async function enter(settings: Settings, isStarter: boolean): Promise<void> {
  await mkdir(usersFolder(settings), { recursive: true })
  await writeFile(join(usersFolder(settings), `${process.pid}`), JSON.stringify(own()))
  if (isStarter) await writeFile(temporaryMark(settings), '')
}

/** Whether the one that leaves has to stop the cluster. */
export async function leave(settings: Settings): Promise<boolean> {
  const folder = usersFolder(settings)
  await rm(join(folder, `${process.pid}`), { force: true })
  const names: string[] = await readdir(folder).catch(() => [])
  const others = await Promise.all(names.map((name) => isHeld(join(folder, name))))
  if (others.includes(true)) return false
  await forgetUsers(settings)
  return names.includes('temporary')
}

/** A person who says `up` keeps the cluster; one who says `down` ends it for all. */
export async function forgetUsers(settings: Settings): Promise<void> {
  await rm(usersFolder(settings), { recursive: true, force: true })
}

/** Puts the kubeconfig where the project's service looks last. */
export async function publishKubeconfig({ run, kubeconfig }: Settings): Promise<void> {
  await mkdir(dirname(kubeconfig), { recursive: true })
  await copyFile(files(run).kubeconfig('admin'), kubeconfig)
}

/** Takes the copy back, unless it has become another cluster's. */
export async function withdrawKubeconfig({ run, kubeconfig }: Settings): Promise<void> {
  const read = (path: string) => readFile(path, 'utf8').catch(() => undefined)
  const ours = await read(files(run).kubeconfig('admin'))
  if (ours !== undefined && ours === (await read(kubeconfig))) await rm(kubeconfig)
}
