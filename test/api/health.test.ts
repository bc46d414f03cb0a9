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
  await api.store.health.beat(
    'w1',
    { orchestrator: 'kubernetes', reachable: false, reason: 'connection refused' },
    60_000,
  )
  expect(await ready(api)).toMatchObject({
    status: 200,
    body: { status: 'ready', workers: 1, cluster: 'unreachable', reason: 'connection refused' },
  })
  await api.store.health.beat(
    'w1',
    { orchestrator: 'kubernetes', reachable: true, version: 'v1.20.2' },
    60_000,
  )
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

it('is not ready while a worker runs systems on another orchestrator than the one it compiles for', async () => {
  await using api = await testApi()
  await api.store.health.beat('w1', { orchestrator: 'docker', reachable: true, version: '20.10' }, 60_000)
  expect(await ready(api)).toMatchObject({
    status: 503,
    body: {
      orchestrator: 'kubernetes',
      cluster: 'unreachable',
      reason: expect.stringContaining('a worker with the Docker engine: set TYCHO_ORCHESTRATOR for both'),
    },
  })
})
