/** Ends the Debian cluster: exactly the processes that `up` started, and what kubelet and kube-proxy leave behind. */
import { rm } from 'node:fs/promises'
import { findDaemon, stopDaemon } from './daemon.ts'
import { hasOtherContainers, isEngineReady, removeMirror, removePodContainers } from './docker.ts'
import { removeFilterRules, removeNodeAddress, unmountVolumes } from './node.ts'
import type { Report } from './packages.ts'
import type { Settings } from './settings.ts'
import { withdrawKubeconfig } from './share.ts'
import { COMPONENT_NAMES } from './up.ts'

export async function down(settings: Settings, report: Report): Promise<void> {
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
  if (!findDaemon(run, 'dockerd')) await rm(run, { recursive: true, force: true })
}

/** Somebody may have begun to use the engine that we started: then it stays, and a later `down` asks again. */
async function releaseEngine(run: string, report: Report): Promise<void> {
  if (!findDaemon(run, 'dockerd')) return removeMirror()
  if (await hasOtherContainers()) return report('left the Docker engine running: it has other containers')
  if (await stopDaemon(run, 'dockerd', 60_000)) report('stopped dockerd')
}
