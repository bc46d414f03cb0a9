/** What a cluster test uses: the cluster, a namespace of its own, the way to a node port. */
import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { waitFor } from '../wait.ts'
import { type Api, ApiError, createApi, readAccess } from './api.ts'
import type { ClusterInfo } from './choose.ts'
import { PORTS } from './settings.ts'

/** An image that the kit's registry does not have: a pull fails at once with "manifest unknown". */
export const MISSING_IMAGE = `127.0.0.1:${PORTS.registry}/missing:1`

/** The cluster of this test run. */
export function testCluster(): ClusterInfo {
  return inject('cluster')
}

/** A client with all rights; `await using` closes it. */
export function openApi(): Api {
  return createApi(readAccess(testCluster().kubeconfig))
}

/** Where a node port answers. */
export function nodePortUrl(port: number): string {
  return `http://${testCluster().nodeHost}:${port}`
}

export type TestNamespace = { name: string } & AsyncDisposable

/** A namespace of its own for one test; `await using` deletes it and waits until none of its pods is left. */
export async function createNamespace(prefix = 'test'): Promise<TestNamespace> {
  const name = `${prefix}-${randomUUID().slice(0, 8)}`
  await using api = openApi()
  await api.send('POST', '/api/v1/namespaces', { metadata: { name } })
  await waitFor(`namespace ${name} to take pods`, () => acceptsPods(api, name), { timeoutMs: 90_000 })
  return { name, [Symbol.asyncDispose]: () => deleteNamespace(name) }
}

/** Pods are refused until a controller has made the default account and, before Kubernetes 1.24, its token. */
async function acceptsPods(api: Api, namespace: string): Promise<boolean> {
  const trial = { metadata: { name: 'trial' }, spec: { containers: [{ name: 'trial', image: 'trial' }] } }
  await api.send('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, trial)
  return true
}

/**
 * A namespace that is being deleted takes no new pods, so what is there can be ended at once, without the pods' grace.
 * The cluster begins with the rest only five seconds later; it is left to do so, as no later test can meet it.
 */
async function deleteNamespace(name: string): Promise<void> {
  await using api = openApi()
  await api.send('DELETE', `/api/v1/namespaces/${name}`)
  const pods = `/api/v1/namespaces/${name}/pods`
  await waitFor(
    `the end of the pods of ${name}`,
    async () => {
      await api.send('DELETE', `${pods}?gracePeriodSeconds=0`)
      return (await api.send<{ items: unknown[] }>('GET', pods)).items.length === 0
    },
    { timeoutMs: 60_000 },
  )
}

/** Whether the API server has no such object. */
export async function isGone(api: Api, path: string): Promise<boolean> {
  try {
    await api.send('GET', path)
    return false
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return true
    throw error
  }
}
