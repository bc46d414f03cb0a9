/** When a bare watch client hears that a pod is Ready, and that its Deployment is available; by the system's name. */
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Api } from '../../kit/cluster/api.ts'

/** Milliseconds of `performance.now()`. */
export type Arrivals = AsyncDisposable & {
  podReady: ReadonlyMap<string, number>
  available: ReadonlyMap<string, number>
}

type Watched = {
  metadata: { labels?: Record<string, string> }
  status?: { conditions?: { type: string; status: string }[]; availableReplicas?: number }
}

/** Hears what becomes so from now on. */
export async function watchArrivals(api: Api, namespace: string): Promise<Arrivals> {
  const stop = new AbortController()
  const listen = async (path: string, isSo: (object: Watched) => boolean) => {
    const heard = new Map<string, number>()
    const { metadata } = await api.send<{ metadata: { resourceVersion: string } }>('GET', path)
    const query = `watch=true&resourceVersion=${metadata.resourceVersion}`
    const body = await api.watch(`${path}?${query}`, stop.signal)
    const listening = (async () => {
      for await (const line of createInterface({ input: Readable.from(body) })) {
        const now = performance.now()
        const { object } = JSON.parse(line) as { object: Watched }
        const name = object.metadata.labels?.['tycho.io/system'] ?? ''
        if (isSo(object) && !heard.has(name)) heard.set(name, now)
      }
    })().catch((error: unknown) => {
      if (!stop.signal.aborted) throw error
    })
    return { heard, listening }
  }
  const isReady = ({ status }: Watched) =>
    status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  const pods = await listen(`/api/v1/namespaces/${namespace}/pods`, isReady)
  const deployments = await listen(
    `/apis/apps/v1/namespaces/${namespace}/deployments`,
    ({ status }) => (status?.availableReplicas ?? 0) > 0,
  )
  return {
    podReady: pods.heard,
    available: deployments.heard,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all([pods.listening, deployments.listening])
    },
  }
}
