// A batch that one namespace has no room for, on a real cluster: it is spread over two, every system answers, each is
// changed and stopped where it is, and what does not fit at all is refused.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Batch, BatchItemPage } from '../../src/api/schemas/batch.ts'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { waitForOk } from '../kit/http.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'

/** A file of this content, until it is disposed of. */
function policyFile(content: object): { path: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'tycho-spread-'))
  const path = join(folder, 'policy.yml')
  writeFileSync(path, JSON.stringify(content))
  return { path, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}

const compose = { services: { hello: { image: 'demo/hello', ports: ['8888'] } } }

type Listed = { items: { metadata: { name: string; labels: Record<string, string> } }[] }

it('a batch is spread over two namespaces, and lives there', { timeout: 240_000 }, async () => {
  await using first = await createNamespace('spread')
  await using second = await createNamespace('spread')
  await using api = openApi()
  const hard = { 'count/deployments.apps': '2' }
  const quotas = `/api/v1/namespaces/${first.name}/resourcequotas`
  await api.send('POST', quotas, { metadata: { name: 'small' }, spec: { hard } })
  await waitFor('the quota to be counted', async () => {
    const { status } = await api.send<{ status: { used?: object } }>('GET', `${quotas}/small`)
    return status.used !== undefined
  })
  using file = policyFile({
    clusterLimits: { deploymentsPerNamespace: 3 },
    tenants: { test: { namespaces: [first.name, second.name] } },
  })
  const environment = { TYCHO_POLICY_FILE: file.path }
  const { kubeconfig } = testCluster()
  await using tycho = await startTycho({ kubeconfig, namespace: first.name, environment })
  const deployments = async (namespace: string) =>
    (await api.send<Listed>('GET', `/apis/apps/v1/namespaces/${namespace}/deployments`)).items.map(
      ({ metadata }) => metadata.name,
    )

  const refused = await tycho.send<HttpProblem>('POST', '/v1/batches', { name: 'class', compose, count: 6 })
  expect(refused.body).toMatchObject({ code: 'BATCH_DOES_NOT_FIT', status: 422 })
  expect(refused.body.shortages).toMatchObject([
    { namespace: first.name, of: 'Deployment', limit: 3, needed: 6 },
    { namespace: first.name, of: 'Deployment', limit: 2, needed: 6, quota: 'small' },
    { namespace: second.name, of: 'Deployment', limit: 3, needed: 6 },
  ])

  const { body } = await tycho.send<Batch>('POST', '/v1/batches', { name: 'class', compose, count: 5 })
  expect(body.spread.map(({ namespace, members }) => [namespace, members])).toEqual([
    [first.name, 2],
    [second.name, 3],
  ])
  const done = await tycho.send<Batch>('GET', `/v1/batches/${body.id}?wait=60`)
  expect(done.body).toMatchObject({ status: 'succeeded', counts: { succeeded: 5 }, spread: body.spread })
  expect((await deployments(first.name)).toSorted()).toEqual(['class-0-hello', 'class-1-hello'])
  expect((await deployments(second.name)).toSorted()).toEqual([
    'class-2-hello',
    'class-3-hello',
    'class-4-hello',
  ])
  const { items } = (await tycho.send<BatchItemPage>('GET', `/v1/batches/${body.id}/items`)).body
  for (const { url } of items) expect(await waitForOk(must(url))).toContain('Hello Tycho')

  const put = await tycho.send<Job>('PUT', '/v1/systems/class-4', {
    compose: { services: { hello: { ...compose.services.hello, environment: { CHANGED: 'yes' } } } },
  })
  expect((await tycho.done(put.body)).status).toBe('succeeded')
  expect(await deployments(first.name)).toHaveLength(2)
  expect(await deployments(second.name)).toHaveLength(3)
  await tycho.stop('class-4')
  expect(await deployments(second.name)).not.toContain('class-4-hello')

  await tycho.send('DELETE', `/v1/batches/${body.id}`)
  await waitFor(
    'all to be gone',
    async () => {
      const stopped = await tycho.send<Batch>('DELETE', `/v1/batches/${body.id}?wait=10`)
      if (stopped.status !== 200) throw new Error(JSON.stringify(stopped.body))
      return true
    },
    { timeoutMs: 60_000 },
  )
  expect([...(await deployments(first.name)), ...(await deployments(second.name))]).toEqual([])
})
