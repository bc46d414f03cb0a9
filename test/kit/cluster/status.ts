/** Looks at the cluster without changing it. */
import { createApi, readAccess } from './api.ts'
import { findDaemon, logFile } from './daemon.ts'
import { isNodeReady } from './node.ts'
import { files, type Settings } from './settings.ts'
import { COMPONENT_NAMES } from './up.ts'

/** Whether every part of the Debian cluster runs and its node takes pods. */
export async function isHealthy({ run }: Settings): Promise<boolean> {
  const names = COMPONENT_NAMES.filter((name) => name !== 'dockerd')
  if (!names.every((name) => findDaemon(run, name))) return false
  try {
    await using api = createApi(readAccess(files(run).kubeconfig('admin')))
    return await isNodeReady(api)
  } catch {
    return false
  }
}

export async function describeCluster(settings: Settings): Promise<string> {
  const lines = COMPONENT_NAMES.map((name) => {
    const id = findDaemon(settings.run, name)
    const state = id ? `runs, pid ${id.pid}` : 'does not run'
    return `${name.padEnd(24)} ${state.padEnd(20)} ${logFile(settings.run, name)}`
  })
  return [...lines, (await isHealthy(settings)) ? 'the cluster is ready' : 'the cluster is not ready'].join(
    '\n',
  )
}
