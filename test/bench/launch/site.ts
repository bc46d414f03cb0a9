// Where launches are measured: a control plane of the bench's own with a scheduler, and the stand-in kubelet as a process.
import { type Access, type Api, createApi, readAccess } from '../../kit/cluster/api.ts'
import { type Rates, ratesOf } from '../../kit/cluster/control-plane-components.ts'
import { findDaemon } from '../../kit/cluster/daemon.ts'
import { readSettings } from '../../kit/cluster/settings.ts'
import { kubeconfigOf, openControlPlane } from '../../kit/control-plane/control-plane.ts'
import { type KubeletProcess, startKubeletProcess } from '../../kit/kubelet/own-process.ts'
import { waitFor } from '../../kit/wait.ts'
import { cpuMsOf } from '../server.ts'
import type { Options } from './options.ts'

export type Site = AsyncDisposable & {
  kubeconfig: string
  access: Access
  /** With all rights. */
  api: Api
  kubelet: KubeletProcess
  rates: Rates
  /** Makes namespaces in which pods may be made. */
  makeNamespaces(prefix: string, count: number): Promise<string[]>
  /** Processor time so far of each process, in milliseconds. */
  cpuMs(): Promise<Map<string, number>>
}

const components = ['kube-apiserver', 'etcd', 'kube-controller-manager', 'kube-scheduler'] as const

export async function openSite({ nodes, systems }: Options): Promise<Site> {
  await using opening = new AsyncDisposableStack()
  const report = (line: string) => console.error(line)
  const { plane } = opening.use(await openControlPlane(readSettings(), report, { scheduler: true }))
  const kubeconfig = kubeconfigOf(plane)
  const access = readAccess(kubeconfig)
  const api = opening.use(createApi(access))
  const kubelet = opening.use(
    await startKubeletProcess({
      kubeconfig,
      nodes,
      // Twice as much as there will be, because pods that are being deleted still have their places.
      podsPerNode: Math.max(110, Math.ceil((2 * systems) / nodes)),
      binds: false,
      behaviour: { readyMs: 0, deletionMs: 0 },
    }),
  )
  const opened = opening.move()
  return {
    kubeconfig,
    access,
    api,
    kubelet,
    rates: ratesOf(plane),
    makeNamespaces: (prefix, count) =>
      Promise.all(Array.from({ length: count }, (_, index) => makeNamespace(api, `${prefix}-${index}`))),
    async cpuMs() {
      const times = components.map((name) => {
        const pid = findDaemon(plane.run, name)?.pid
        return [name, pid ? cpuMsOf(pid) : Number.NaN] as const
      })
      return new Map([...times, ['stand-in kubelet', (await kubelet.counts()).cpuMs]])
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function makeNamespace(api: Api, name: string): Promise<string> {
  await api.send('POST', '/api/v1/namespaces', { metadata: { name } })
  await waitFor(`the account of ${name}`, () =>
    api.send<{ secrets?: object[] }>('GET', `/api/v1/namespaces/${name}/serviceaccounts/default`),
  )
  return name
}
