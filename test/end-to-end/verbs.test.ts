// Restart, suspend and resume of real pods: what is new afterwards, what is kept, and that nothing runs in between.
import { describe, expect, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import type { Job } from '../../src/jobs/job.ts'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { createVolume } from '../kit/cluster/volume.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

type Pod = {
  metadata: { name: string; uid: string; deletionTimestamp?: string; labels: Record<string, string> }
  status: { phase: string }
}
type Listed = { items: Pod[] }

/** All pods that have not ended, those that are going included. */
async function podsOf(api: Api, namespace: string): Promise<Pod[]> {
  const { items } = await api.send<Listed>('GET', `/api/v1/namespaces/${namespace}/pods`)
  return items.filter(({ status }) => status.phase !== 'Succeeded' && status.phase !== 'Failed')
}

const uidsOf = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.uid).sort()

const servicesOf = (pods: readonly Pod[]) =>
  pods
    .filter(({ metadata }) => !metadata.deletionTimestamp)
    .map(({ metadata }) => metadata.labels['tycho.io/service'])
    .sort()

async function run(tycho: Tycho, method: string, path: string, body?: object): Promise<Job> {
  const answer = await tycho.send<Job>(method, `/v1/systems${path}`, body)
  expect(answer.status).toBe(202)
  const job = await tycho.done(answer.body)
  expect([job.kind, job.status, job.error]).toEqual([job.kind, 'succeeded', undefined])
  return job
}

const show = async (tycho: Tycho, name: string) =>
  (await tycho.send<System>('GET', `/v1/systems/${name}`)).body

const visit = (url: string) =>
  waitFor(
    'the page to answer',
    async () => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
      return answer.ok ? await answer.text() : undefined
    },
    { timeoutMs: 60_000 },
  )

const shell = (script: string, more: object = {}) => ({
  image: 'demo/shell',
  restart: 'always',
  command: ['sh', '-c', script],
  ...more,
})

/** One service of each kind of workload; `log` keeps what it has written. */
const kinds = {
  services: {
    page: { image: 'demo/hello', ports: ['8888'], deploy: { replicas: 2 }, depends_on: ['log'] },
    log: shell('echo begun >> /data/log; exec sleep 600', { volumes: ['data:/data'] }),
    named: { ...shell('exec sleep 600'), expose: ['80'], 'x-k8s': { controller: 'statefulset' } },
    node: { ...shell('exec sleep 600'), deploy: { mode: 'global' } },
    done: { ...shell('true'), restart: 'no' },
    long: { ...shell('exec sleep 600'), restart: 'no', deploy: { mode: 'replicated-job' } },
    nightly: { ...shell('exec sleep 600'), restart: 'no', 'x-k8s': { schedule: '0 3 * * *' } },
  },
  volumes: { data: {} },
}

describe('a restart', () => {
  it('makes new pods of every kind behind the same port, and no later change repeats it', async () => {
    await using namespace = await createNamespace('verbs')
    await using api = openApi()
    await using _volume = await createVolume({ namespace: namespace.name, name: 'all-data' })
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    const { result } = await run(tycho, 'POST', '', { name: 'all', compose: kinds })
    const before = await podsOf(api, namespace.name)
    const { sid, endpoints } = await show(tycho, 'all')
    expect(endpoints).toEqual(result?.endpoints)

    await run(tycho, 'POST', '/all/restart')
    const after = await podsOf(api, namespace.name)
    const old = new Set(uidsOf(before))
    const fresh = after.filter(({ metadata }) => !metadata.deletionTimestamp)
    expect(servicesOf(after)).toEqual(servicesOf(before))
    expect(uidsOf(fresh).filter((uid) => old.has(uid))).toEqual([])
    expect(await show(tycho, 'all')).toMatchObject({ sid, endpoints, phase: 'running' })
    expect(await visit(endpoints[0]?.url ?? '')).toContain('Hello')

    const { result: again } = await run(tycho, 'PUT', '/all', { compose: kinds })
    expect(new Set(again?.changes.map(({ action }) => action))).toEqual(new Set(['unchanged']))
    expect(uidsOf(await podsOf(api, namespace.name))).toEqual(expect.arrayContaining(uidsOf(fresh)))
  }, 300_000)
})

describe('a suspend', () => {
  it('ends with nothing that runs and all that is kept, and a resume brings it back', async () => {
    await using namespace = await createNamespace('verbs')
    await using api = openApi()
    await using _volume = await createVolume({ namespace: namespace.name, name: 'all-data' })
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    await run(tycho, 'POST', '', { name: 'all', compose: kinds })
    const before = servicesOf(await podsOf(api, namespace.name))
    const { endpoints, sid } = await show(tycho, 'all')
    const objects = `/api/v1/namespaces/${namespace.name}`
    const kept = async () =>
      Promise.all([
        api.send<{ metadata: { uid: string } }>('GET', `${objects}/persistentvolumeclaims/all-data`),
        api.send<{ metadata: { uid: string }; spec: object }>('GET', `${objects}/services/all-page`),
        api.send<{ metadata: { uid: string } }>(
          'GET',
          `/apis/batch/v1/namespaces/${namespace.name}/jobs/all-done`,
        ),
      ]).then((all) =>
        all.map((one) => [one.metadata.uid, 'spec' in one && 'ports' in Object(one.spec) ? one.spec : null]),
      )
    const keptBefore = await kept()

    await run(tycho, 'POST', '/all/suspend')
    expect(await podsOf(api, namespace.name)).toEqual([])
    expect(await kept()).toEqual(keptBefore)
    const suspended = await show(tycho, 'all')
    expect(suspended).toMatchObject({ sid, endpoints, phase: 'suspended', readiness: 'absent' })
    expect(suspended.differences).toBeUndefined()
    const { result } = await run(tycho, 'POST', '/all/suspend')
    expect(new Set(result?.changes.map(({ action }) => action))).toEqual(new Set(['unchanged']))

    await run(tycho, 'POST', '/all/resume')
    expect(await kept()).toEqual(keptBefore)
    const resumed = await podsOf(api, namespace.name)
    expect(servicesOf(resumed)).toEqual(before)
    expect(await show(tycho, 'all')).toMatchObject({ sid, endpoints, phase: 'running' })
    expect(await visit(endpoints[0]?.url ?? '')).toContain('Hello')
  }, 300_000)

  it('that is canceled goes back to what ran', async () => {
    await using namespace = await createNamespace('verbs')
    await using api = openApi()
    await using tycho = await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name })
    // It does not hear the signal: its end takes the whole time that it is given.
    const deaf = shell('trap "" TERM; while true; do sleep 1; done', { stop_grace_period: '30s' })
    await run(tycho, 'POST', '', { name: 'deaf', compose: { services: { web: deaf } } })
    const { body: suspend } = await tycho.send<Job>('POST', '/v1/systems/deaf/suspend')
    await waitFor('the pods to be ending', async () => {
      const { progress } = (await tycho.send<Job>('GET', `/v1/jobs/${suspend.id}`)).body
      return progress.step === 'waiting'
    })
    await tycho.send('POST', `/v1/jobs/${suspend.id}/cancel`)
    const job = await tycho.done(suspend)
    expect([job.status, job.error]).toMatchObject([
      'canceled',
      { code: 'CANCELED', details: { rolledBack: true } },
    ])
    expect(await show(tycho, 'deaf')).toMatchObject({ phase: 'running', readiness: 'ready' })
    expect(servicesOf(await podsOf(api, namespace.name))).toEqual(['web'])
  }, 180_000)
})
