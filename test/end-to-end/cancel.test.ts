// A cancel in the middle of a worker's writes, with real processes and a real cluster.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { startApiProxy } from '../kit/api-proxy.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

it('lets the worker write no more, and leaves nothing', async () => {
  await using namespace = await createNamespace('cancel')
  await using proxy = await startApiProxy(testCluster().kubeconfig)
  await using api = openApi()
  await using tycho = await startTycho({
    kubeconfig: proxy.kubeconfig,
    namespace: namespace.name,
    workers: 2,
  })
  const isPost = (what: string) => (request: { method: string; path: string }) =>
    request.method === 'POST' && request.path.includes(what)
  // The first write happens; its answer does not come until the cancel was asked for.
  proxy.intervene = (request) => (isPost('/deployments')(request) ? { kind: 'withhold' } : undefined)
  const compose = { services: { web: { image: 'demo/hello', ports: ['8888'] } } }
  const job = await tycho.start({ name: 'two', compose })
  await waitFor('a Deployment to be made', () =>
    proxy.requests.find((request) => isPost('/deployments')(request) && request.status === 201),
  )
  const canceled = await tycho.send<Job>('POST', `/v1/jobs/${job.id}/cancel`)
  expect(canceled.body).toMatchObject({ status: 'running' })
  expect(await tycho.done(job)).toMatchObject({ status: 'canceled', error: { code: 'CANCELED' } })
  expect(await managedObjects(api, namespace.name)).toEqual([])
  expect(proxy.requests.filter(isPost('/services'))).toEqual([])
})
