// PATCH and the end of a lifetime, with real pods.
import { describe, expect, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import type { Job } from '../../src/jobs/job.ts'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

type Listed = {
  items: { metadata: { deletionTimestamp?: string }; spec: { containers: { resources: object }[] } }[]
}

async function change(tycho: Tycho, method: string, body: object): Promise<Job> {
  const answer = await tycho.send<Job>(method, '/v1/systems/hello', body)
  expect(answer.status).toBe(202)
  const job = await tycho.done(answer.body)
  expect([job.status, job.error]).toEqual(['succeeded', undefined])
  return job
}

/** The resources of each pod that is not going. */
async function podsOf(api: Api, namespace: string): Promise<object[]> {
  const { items } = await api.send<Listed>('GET', `/api/v1/namespaces/${namespace}/pods`)
  return items
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .flatMap(({ spec }) => spec.containers.map(({ resources }) => resources))
}

const show = async (tycho: Tycho) => (await tycho.send<System>('GET', '/v1/systems/hello')).body

const compose = { services: { web: { image: 'demo/hello', ports: ['8080'] } } }

describe('PATCH', () => {
  it('changes labels, replicas and resources of real pods, until the next PUT', async () => {
    await using namespace = await createNamespace('patch')
    await using api = openApi()
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    await tycho.done(await tycho.start({ name: 'hello', compose }))

    const limits = { memory: '64M' }
    const patch = { labels: { class: 'a' }, services: { web: { replicas: 2, resources: { limits } } } }
    const { result } = await change(tycho, 'PATCH', patch)
    expect(result?.changes).toEqual([
      { subject: 'Deployment/hello-web', action: 'configured' },
      { subject: 'Service/hello-web', action: 'unchanged' },
    ])
    const resources = { limits: { memory: '64Mi' }, requests: { memory: '64Mi' } }
    expect(await podsOf(api, namespace.name)).toEqual([resources, resources])
    expect(await show(tycho)).toMatchObject({ phase: 'running', labels: { class: 'a' } })

    await change(tycho, 'PUT', { compose })
    expect(await podsOf(api, namespace.name)).toEqual([{}])
    expect(await show(tycho)).toMatchObject({ labels: {} })
  })

  it('of a lifetime ends the system, whichever worker is there then', async () => {
    await using namespace = await createNamespace('patch')
    await using api = openApi()
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    await tycho.done(await tycho.start({ name: 'hello', compose, ttlSeconds: 3600 }))
    expect(await show(tycho)).toMatchObject({ phase: 'running', expiresAt: expect.any(String) })
    await tycho.workers[0]?.kill()
    const { status } = await tycho.send('PATCH', '/v1/systems/hello', { ttlSeconds: 1 })
    expect(status).toBe(202)
    tycho.startWorker()

    const stopped = await waitFor(
      'the system to end',
      async () => {
        const system = await show(tycho)
        return system.phase === 'stopped' ? system : undefined
      },
      { timeoutMs: 150_000 },
    )
    expect(stopped).toMatchObject({ reason: { code: 'EXPIRED' }, endpoints: [] })
    expect(await podsOf(api, namespace.name)).toEqual([])
  }, 240_000)
})
