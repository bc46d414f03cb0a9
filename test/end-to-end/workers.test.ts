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

const isDeployment = (request: string) => request.startsWith('POST') && request.endsWith('/deployments')

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
  // The other worker is there already: what is measured is how soon the task is missed.
  const other = tycho.startWorker()
  await waitFor('the other worker to see the cluster', () =>
    other.lines.some(({ msg }) => msg === 'the cluster is reachable'),
  )
  await tycho.workers[0]?.kill()
  const killedAt = Date.now()
  proxy.intervene = undefined
  proxy.requests.length = 0
  await waitFor('the task to run elsewhere', () => requestsOf(proxy).some(isDeployment), { intervalMs: 10 })
  console.info(`from the death of a worker to its task elsewhere: ${Date.now() - killedAt} ms`)

  const done = await tycho.done(job)
  expect(done).toMatchObject({
    status: 'succeeded',
    result: { changes: [{ subject: 'Deployment/orphan-hello', action: 'unchanged' }, {}] },
  })
  const objects = await managedObjects(api, namespace)
  expect(objects.filter((subject) => subject.startsWith('Deployment/'))).toEqual(['Deployment/orphan-hello'])
})

it('hands its task back when it is asked to end, and another finishes it in the same attempt', async () => {
  await using bench = await openProxied()
  const { tycho, proxy } = bench
  proxy.intervene = ({ method, path }) =>
    method === 'POST' && path.includes('/deployments') ? { kind: 'withhold' } : undefined
  const job = await tycho.start({ name: 'handed', compose: hello })
  await waitFor('the worker to be in the middle of a write', () =>
    proxy.requests.find(({ method, path }) => method === 'POST' && path.includes('/deployments')),
  )
  const [first] = tycho.workers
  // Its disposal asks it to end, and waits until it has: nothing but its own grace period ends it here.
  await first?.[Symbol.asyncDispose]()
  expect(first?.lines.map(({ msg }) => msg)).not.toContain('left while it was still closing')
  proxy.intervene = undefined
  tycho.startWorker()

  expect(await tycho.done(job)).toMatchObject({ status: 'succeeded', attempt: 1 })
})
