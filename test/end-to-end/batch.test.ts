// A class of twelve on a real cluster: real pods, a token of its own in each URL, every port in the list, one webhook.
import { parse } from 'csv-parse/sync'
import { request } from 'undici'
import { expect, it } from 'vitest'
import type { Batch } from '../../src/api/schemas/batch.ts'
import type { WebhookSecret } from '../../src/api/schemas/webhook.ts'
import { createNamespace, testCluster } from '../kit/cluster/cluster.ts'
import { waitForOk } from '../kit/http.ts'
import { startReceiver, verify } from '../kit/receiver.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'

const asked = {
  name: 'class',
  compose: {
    services: {
      hello: { image: 'demo/hello', ports: ['8888'], environment: { PASS_ON: '${TYCHO_TOKEN}' } },
    },
  },
  count: 12,
  concurrency: 4,
}

it('a class of twelve is one request, one list and one webhook', { timeout: 300_000 }, async () => {
  await using namespace = await createNamespace('batch')
  await using receiver = await startReceiver()
  await using tycho = await startTycho({
    kubeconfig: testCluster().kubeconfig,
    namespace: namespace.name,
    environment: { TYCHO_WEBHOOK_ALLOW: '127.0.0.1' },
  })
  const { secret } = (await tycho.send<WebhookSecret>('GET', '/v1/webhooks/secret')).body
  const callbackUrl = `${receiver.url}/callback`
  const { body, status } = await tycho.send<Batch>('POST', '/v1/batches', { ...asked, callbackUrl })
  expect(status).toBe(202)
  const told = await waitFor('the webhook', () => receiver.at('/callback')[0], { timeoutMs: 110_000 })
  verify(secret, told)
  expect(told.body).toMatchObject({
    type: 'batch.completed',
    data: { batch: { id: body.id, round: 1, status: 'succeeded', counts: { total: 12, succeeded: 12 } } },
  })
  const table = await request(`${tycho.url}/v1/batches/${body.id}/items`, { headers: { accept: 'text/csv' } })
  const rows = parse(await table.body.text(), { columns: true }) as Record<string, string>[]
  expect(rows).toHaveLength(12)
  expect(new Set(rows.map(({ port }) => port)).size).toBe(12)
  expect(new Set(rows.map(({ url }) => url?.split('token=')[1])).size).toBe(12)
  for (const { url } of rows) expect(await waitForOk(must(url))).toContain('Hello Tycho')
  await tycho.send('DELETE', `/v1/batches/${body.id}`)
  await waitFor(
    'all to be gone',
    async () => {
      const stopped = await tycho.send<Batch>('DELETE', `/v1/batches/${body.id}?wait=10`)
      if (stopped.status !== 200) throw new Error(JSON.stringify(stopped.body))
      return true
    },
    { timeoutMs: 110_000 },
  )
})
