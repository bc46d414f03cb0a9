/** Which cluster the tests run on: the one that is named, one that runs, k3s in a container, or Debian's packages. */
import { existsSync } from 'node:fs'
import { down } from './down.ts'
import { canRunK3s, startK3s } from './k3s.ts'
import type { Report } from './packages.ts'
import { files, type Settings } from './settings.ts'
import { enter, leave, withLock } from './share.ts'
import { isHealthy } from './status.ts'
import { isAnythingRunning, upOrNothing } from './up-or-nothing.ts'

/** What a test needs to know of its cluster; plain data, because it goes from vitest's main process to its workers. */
export type ClusterInfo = {
  kind: 'given' | 'debian' | 'k3s' | 'bare'
  /** Path of a kubeconfig with all rights. */
  kubeconfig: string
  /** Where node ports answer. */
  nodeHost: string
}

export type OpenCluster = { info: ClusterInfo } & AsyncDisposable

export async function openCluster(
  settings: Settings,
  report: Report,
  given = process.env.TYCHO_TEST_KUBECONFIG,
): Promise<OpenCluster> {
  if (given) return useGiven(given, report)
  if (!(await isHealthy(settings)) && (await canRunK3s())) return startK3s(report)
  return useDebian(settings, report)
}

function useGiven(kubeconfig: string, report: Report): OpenCluster {
  if (!existsSync(kubeconfig)) throw new Error(`TYCHO_TEST_KUBECONFIG names no file: ${kubeconfig}`)
  report(`test cluster: the one of ${kubeconfig}`)
  const nodeHost = process.env.TYCHO_TEST_NODE_HOST || '127.0.0.1'
  return { info: { kind: 'given', kubeconfig, nodeHost }, [Symbol.asyncDispose]: async () => undefined }
}

async function useDebian(settings: Settings, report: Report): Promise<OpenCluster> {
  await withLock(settings, report, async () => {
    const isRunning = isAnythingRunning(settings)
    report(isRunning ? 'test cluster: the one that runs' : "test cluster: starting Debian's Kubernetes")
    await upOrNothing(settings, report)
    await enter(settings, !isRunning)
  })
  return {
    info: { kind: 'debian', kubeconfig: files(settings.run).kubeconfig('admin'), nodeHost: '127.0.0.1' },
    [Symbol.asyncDispose]: () =>
      withLock(settings, report, async () => {
        if (!(await leave(settings))) return
        report('stopping the test cluster')
        await down(settings, () => undefined)
      }),
  }
}
