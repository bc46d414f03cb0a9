// Takes away what a round has left, so that the next one finds an empty cluster.
import { waitFor } from '../../kit/wait.ts'
import type { Site } from './site.ts'

type Paged = { items: object[] }

export async function clearNamespaces({ api }: Site, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    await api.send('DELETE', `/apis/apps/v1/namespaces/${namespace}/deployments?propagationPolicy=Background`)
    const services = `/api/v1/namespaces/${namespace}/services`
    const { items } = await api.send<{ items: { metadata: { name: string } }[] }>('GET', services)
    // In this version of Kubernetes they can't be deleted together.
    for (const { metadata } of items) await api.send('DELETE', `${services}/${metadata.name}`).catch(() => {})
  }
  const isEmpty = async (namespace: string) =>
    (await api.send<Paged>('GET', `/api/v1/namespaces/${namespace}/pods?limit=1`)).items.length === 0
  const areEmpty = async () => (await Promise.all(namespaces.map(isEmpty))).every(Boolean)
  await waitFor('the end of all pods', areEmpty, { timeoutMs: 900_000, intervalMs: 500 })
}
