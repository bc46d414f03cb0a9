/** What several users of the one cluster of this machine need: a lock, its owner, the kubeconfig where it is looked for. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { waitFor } from '../wait.ts'
import { isSameProcess, type ProcessId, startTimeOf } from './daemon.ts'
import type { Report } from './packages.ts'
import { files, type Settings } from './settings.ts'

/** Long enough for somebody else's first build. */
const LOCK_PATIENCE_MS = 30 * 60_000

const own = (): ProcessId => ({ pid: process.pid, startTime: startTimeOf(process.pid) ?? '' })

async function readProcess(path: string): Promise<ProcessId | undefined> {
  try {
    const id: ProcessId = JSON.parse(await readFile(path, 'utf8'))
    return isSameProcess(id) ? id : undefined
  } catch {
    return undefined
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
  if ((await readProcess(path)) === undefined) await rm(path, { force: true })
  return writeFile(path, JSON.stringify(own()), { flag: 'wx' }).then(
    () => true,
    () => false,
  )
}

/** Puts the kubeconfig where the project's service looks last. */
export async function publishKubeconfig({ run, kubeconfig }: Settings): Promise<void> {
  await mkdir(dirname(kubeconfig), { recursive: true })
  await copyFile(files(run).adminKubeconfig, kubeconfig)
}
