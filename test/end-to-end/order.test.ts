// The order that `depends_on` asks for, as the pods themselves have seen it.
import { expect, it } from 'vitest'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho } from '../kit/tycho.ts'

type Pod = {
  metadata: { labels: Record<string, string>; creationTimestamp: string }
  status: {
    conditions: { type: string; status: string; lastTransitionTime: string }[]
    containerStatuses: { state: { terminated?: { finishedAt: string } } }[]
  }
}

/** `db` says that it is well some seconds after its start; `migrate` takes some seconds to its end. */
const compose = {
  services: {
    web: {
      image: 'demo/hello',
      depends_on: {
        db: { condition: 'service_healthy' },
        migrate: { condition: 'service_completed_successfully' },
      },
    },
    db: {
      image: 'demo/shell',
      entrypoint: ['sh', '-c', 'sleep 4; touch /tmp/up; sleep 600'],
      healthcheck: { test: ['CMD', 'test', '-e', '/tmp/up'], interval: '1s' },
      stop_grace_period: '1s',
    },
    migrate: {
      image: 'demo/shell',
      entrypoint: ['sh', '-c', 'sleep 3'],
      depends_on: { db: { condition: 'service_started' } },
    },
  },
}

it('starts a service when what it depends on is healthy, or has ended well', async () => {
  await using namespace = await createNamespace('order')
  await using api = openApi()
  const { kubeconfig } = testCluster()
  await using tycho = await startTycho({ kubeconfig, namespace: namespace.name })
  const job = await tycho.done(await tycho.start({ name: 'order', compose }))
  expect(job.error).toBeUndefined()
  const { items } = await api.send<{ items: Pod[] }>('GET', `/api/v1/namespaces/${namespace.name}/pods`)
  const pod = (name: string) => items.find(({ metadata }) => metadata.labels['tycho.io/service'] === name)
  const madeAt = (name: string) => Date.parse(pod(name)?.metadata.creationTimestamp ?? '')
  const readyAt = pod('db')?.status.conditions.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? ''
  const endedAt = pod('migrate')?.status.containerStatuses[0]?.state.terminated?.finishedAt ?? ''
  expect(madeAt('migrate')).toBeLessThan(Date.parse(readyAt))
  expect(madeAt('web')).toBeGreaterThanOrEqual(Date.parse(readyAt))
  expect(madeAt('web')).toBeGreaterThanOrEqual(Date.parse(endedAt))
})
