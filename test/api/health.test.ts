// Probes.
import { expect, it } from 'vitest'
import { send, type TestApi, testApi } from './kit.ts'

const ready = (api: TestApi) => send(api, { method: 'GET', url: '/readyz' })

it('is alive without a tenant, a worker or a cluster', async () => {
  await using api = await testApi({ anonymousTenant: null })
  expect(await send(api, { method: 'GET', url: '/healthz' })).toMatchObject({
    status: 200,
    body: { status: 'ok' },
  })
})

it('is ready while Redis and a worker are there, whatever the cluster', async () => {
  await using api = await testApi()
  await api.store.health.beat('w1', { reachable: false, reason: 'connection refused' }, 60_000)
  expect(await ready(api)).toMatchObject({
    status: 200,
    body: { status: 'ready', workers: 1, cluster: 'unreachable', reason: 'connection refused' },
  })
  await api.store.health.beat('w1', { reachable: true, version: 'v1.20.2' }, 60_000)
  expect(await ready(api)).toMatchObject({ status: 200, body: { cluster: 'reachable' } })
})

it('is not ready without a worker', async () => {
  await using api = await testApi()
  expect(await ready(api)).toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
    body: { redis: 'reachable', workers: 0, reason: 'no worker is alive' },
  })
})
