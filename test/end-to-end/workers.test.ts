// What a worker costs the cluster, and what becomes of its work when it dies.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type ApiProxy, startApiProxy } from '../kit/api-proxy.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const hello = readFileSync(new URL('../../samples/hello.yml', import.meta.url), 'utf8')

async function openProxied() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('workers'))
  const proxy = opening.use(await startApiProxy(testCluster().kubeconfig))
  const api = opening.use(openApi())
  const tycho = opening.use(await startTycho({ kubeconfig: proxy.kubeconfig, namespace: namespace.name }))
  const opened = opening.move()
  return { tycho, proxy, api, namespace: namespace.name, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** Requests but for the watches, and for the question whether the cluster is there, which no start asks. */
const requestsOf = (proxy: ApiProxy) =>
  proxy.requests
    .filter(({ isWatch, path }) => !isWatch && !path.startsWith('/version'))
    .map(({ method, path }) => `${method} ${new URL(path, proxy.url).pathname}`)

it('starts a one-service system with two writes and no read', async () => {
  await using bench = await openProxied()
  const { tycho, proxy, namespace } = bench
  // The first start also reads the facts of the cluster, once per worker.
  expect((await tycho.done(await tycho.start({ name: 'first', compose: hello }))).status).toBe('succeeded')
  proxy.requests.length = 0
  expect((await tycho.done(await tycho.start({ name: 'second', compose: hello }))).status).toBe('succeeded')
  expect(requestsOf(proxy)).toEqual([
    `POST /apis/apps/v1/namespaces/${namespace}/deployments`,
    `POST /api/v1/namespaces/${namespace}/services`,
  ])
})

it("finishes a killed worker's task elsewhere, adopting what it had made", async () => {
  await using bench = await openProxied()
  const { tycho, proxy, api, namespace } = bench
  proxy.intervene = ({ method, path }) =>
    method === 'POST' && path.includes('/deployments') ? { kind: 'withhold' } : undefined
  const job = await tycho.start({ name: 'orphan', compose: hello })
  await waitFor('the first worker to have made the Deployment', () =>
    proxy.requests.find(
      ({ method, path, status }) => method === 'POST' && path.includes('/deployments') && status === 201,
    ),
  )
  await tycho.workers[0]?.kill()
  proxy.intervene = undefined
  tycho.startWorker()

  const done = await tycho.done(job)
  expect(done).toMatchObject({
    status: 'succeeded',
    result: { changes: [{ subject: 'Deployment/orphan-hello', action: 'unchanged' }, {}] },
  })
  const objects = await managedObjects(api, namespace)
  expect(objects.filter((subject) => subject.startsWith('Deployment/'))).toEqual(['Deployment/orphan-hello'])
})
