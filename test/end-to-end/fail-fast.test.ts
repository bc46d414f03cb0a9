// A job that can't succeed ends long before its deadline, and says why.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

async function openRoad() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('fail-fast'))
  const { kubeconfig } = testCluster()
  const tycho = opening.use(await startTycho({ kubeconfig, namespace: namespace.name }))
  const opened = opening.move()
  return { tycho, namespace: namespace.name, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const waiting = { image: 'demo/shell', entrypoint: ['sleep', '600'], stop_grace_period: '1s' }

it('gives up on a dependency that is still unhealthy after its start period and retries', async () => {
  await using road = await openRoad()
  const healthcheck = {
    test: ['CMD', 'false'],
    interval: '1s',
    timeout: '1s',
    retries: 2,
    start_period: '2s',
  }
  const compose = {
    services: {
      db: { ...waiting, healthcheck },
      web: { ...waiting, depends_on: { db: { condition: 'service_healthy' } } },
    },
  }
  const job = await road.tycho.done(await road.tycho.start({ name: 'sick', compose }))
  expect(job).toMatchObject({ status: 'failed', error: { code: 'UNHEALTHY', details: { service: 'db' } } })
  expect(job.error?.message).toBe(
    'db: It is unhealthy after 5 s, and others wait for it to be healthy. It runs and is not ready: its healthcheck (false) has not succeeded yet',
  )
})

it('says of a service that keeps ending with which code, what it said last, and where it stands in the file', {
  timeout: 240_000,
}, async () => {
  await using road = await openRoad()
  const compose = `services:
  web:
    image: demo/shell
    restart: always
    environment: { APP_TOKEN: canary-7f3a }
    entrypoint: [sh, -c, 'echo "no database"; echo "token $$APP_TOKEN"; exit 3']
`
  const job = await road.tycho.done(await road.tycho.start({ name: 'crash', compose }))
  expect(job.error).toMatchObject({
    code: 'CRASH_LOOP',
    details: {
      service: 'web',
      exitCode: 3,
      log: ['no database', 'token •••••••••••'],
      problems: [{ code: 'CRASH_LOOP', path: 'services.web', line: 2 }],
    },
  })
  expect(JSON.stringify(job)).not.toContain('canary-7f3a')
})

it('waits with the reason where a quota refuses its objects, costs no attempt, and goes on when there is room', async () => {
  await using road = await openRoad()
  await using api = openApi()
  const quotas = `/api/v1/namespaces/${road.namespace}/resourcequotas`
  const spec = { hard: { 'count/deployments.apps': '0' } }
  await api.send('POST', quotas, { metadata: { name: 'full' }, spec })
  await waitFor('the quota', async () => {
    const { status } = await api.send<{ status?: { hard?: object } }>('GET', `${quotas}/full`)
    return status?.hard
  })
  const accepted = await road.tycho.start({ name: 'queued', compose: { services: { web: waiting } } })
  await waitFor('the reason', async () => {
    const { body } = await road.tycho.send<Job>('GET', `/v1/jobs/${accepted.id}`)
    return body.progress.message.includes('exceeded quota: full')
  })
  await api.send('DELETE', `${quotas}/full`)
  const job = await road.tycho.done(accepted)
  expect(job).toMatchObject({ status: 'succeeded', attempt: 1 })
})
