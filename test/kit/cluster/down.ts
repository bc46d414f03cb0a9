/** Ends the Debian cluster: exactly the processes that `up` started, and what kubelet and kube-proxy leave behind. */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findDaemon, stopDaemon } from './daemon.ts'
import { hasOtherContainers, isEngineReady, removeMirror, removePodContainers } from './docker.ts'
import { removeFilterRules, removeNodeAddress, unmountVolumes } from './node.ts'
import type { Report } from './packages.ts'
import type { Settings } from './settings.ts'
import { withdrawKubeconfig } from './share.ts'
import { COMPONENT_NAMES } from './up.ts'

export async function down(settings: Settings, report: Report): Promise<void> {
  await stopAll(settings, report)
  await empty(settings.run, [])
}

/** Takes back a start that failed. Its logs stay, because the error names them; the next start removes them. */
export async function abandon(settings: Settings): Promise<void> {
  await stopAll(settings, () => undefined)
  await empty(settings.run, ['log'])
}

async function stopAll(settings: Settings, report: Report): Promise<void> {
  const { run } = settings
  await withdrawKubeconfig(settings)
  const names = COMPONENT_NAMES.filter((name) => name !== 'dockerd').reverse()
  for (const name of names) {
    if (await stopDaemon(run, name)) report(`stopped ${name}`)
  }
  if (await isEngineReady()) await removePodContainers()
  await unmountVolumes(run)
  await removeFilterRules()
  await removeNodeAddress()
  await releaseEngine(run, report)
}

/** Removes the run folder, unless an engine of ours still needs its pid file. */
async function empty(run: string, kept: string[]): Promise<void> {
  if (findDaemon(run, 'dockerd')) return
  if (kept.length === 0) return rm(run, { recursive: true, force: true })
  const names = await readdir(run).catch(() => [])
  for (const name of names.filter((entry: string) => !kept.includes(entry))) {
    await rm(join(run, name), { recursive: true, force: true })
  }
}

/** Somebody may have begun to use the engine that we started: then it stays, and a later `down` asks again. */
async function releaseEngine(run: string, report: Report): Promise<void> {
  if (!findDaemon(run, 'dockerd')) return removeMirror()
  if (await hasOtherContainers()) return report('left the Docker engine running: it has other containers')
  if (await stopDaemon(run, 'dockerd', 60_000)) report('stopped dockerd')
}
