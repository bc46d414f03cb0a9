// Cancel, retry, rollback and what a failed start leaves, with real processes and real pods.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import type { Job } from '../../src/jobs/job.ts'
import { type ApiProxy, startApiProxy } from '../kit/api-proxy.ts'
import { createNamespace, MISSING_IMAGE, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const web = (more: object = {}) => ({ compose: { services: { web: { image: 'demo/hello', ...more } } } })

/** A service that runs and never becomes healthy. */
const neverReady = web({ healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 1000 } })

const missing = web({ image: MISSING_IMAGE })

async function openBench() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('cancel'))
  const proxy = opening.use(await startApiProxy(testCluster().kubeconfig))
  const api = opening.use(openApi())
  const options = { kubeconfig: proxy.kubeconfig, namespace: namespace.name, workers: 2 }
  const tycho = opening.use(await startTycho(options))
  const opened = opening.move()
  return {
    tycho,
    proxy,
    cancel: (job: Job) => tycho.send<Job>('POST', `/v1/jobs/${job.id}/cancel`),
    retry: async (job: Job) => (await tycho.send<Job>('POST', `/v1/jobs/${job.id}/retry`)).body,
    put: async (name: string, body: object) =>
      (await tycho.send<Job>('PUT', `/v1/systems/${name}`, body)).body,
    system: async (name: string) => (await tycho.send<System>('GET', `/v1/systems/${name}`)).body,
    /** What there is of a system. */
    objects: async (system: string) => {
      const all = await managedObjects(api, namespace.name)
      return all.filter((subject) => subject.split('/')[1]?.startsWith(system))
    },
    waiting: (job: Job) =>
      waitFor('the job to wait for its service', async () => {
        const { body } = await tycho.send<Job>('GET', `/v1/jobs/${job.id}`)
        return body.progress.services.web?.readiness === 'pending'
      }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

let bench: Awaited<ReturnType<typeof openBench>>

beforeAll(async () => {
  bench = await openBench()
})

afterEach(() => {
  bench.proxy.intervene = undefined
})

afterAll(() => bench[Symbol.asyncDispose]())

const madeDeployment = (proxy: ApiProxy) =>
  waitFor('a Deployment to be made', () =>
    proxy.requests.find(
      ({ method, path, status }) => method === 'POST' && path.includes('/deployments') && status === 201,
    ),
  )

describe('a cancel', () => {
  it('of a start that does not become ready leaves nothing, and frees the name', async () => {
    const job = await bench.tycho.start({ name: 'one', ...neverReady })
    await bench.waiting(job)
    expect((await bench.cancel(job)).status).toBe(202)
    expect((await bench.cancel(job)).body.id).toBe(job.id)
    expect(await bench.tycho.done(job)).toMatchObject({ status: 'canceled', error: { code: 'CANCELED' } })
    expect(await bench.objects('one')).toEqual([])
    expect((await bench.cancel(job)).status).toBe(200)
    expect((await bench.system('one')).phase).toBe('stopped')
    expect((await bench.tycho.done(await bench.tycho.start({ name: 'one', ...web() }))).status).toBe(
      'succeeded',
    )
  })

  it('in the middle of the writes of a start lets the worker write no more, and leaves nothing', async () => {
    const { proxy } = bench
    proxy.requests.length = 0
    // The first write happens; its answer does not come until the cancel was asked for.
    proxy.intervene = ({ method, path }) =>
      method === 'POST' && path.includes('/deployments') ? { kind: 'withhold' } : undefined
    const ports = { ports: ['8888'] }
    const job = await bench.tycho.start({ name: 'two', ...web(ports) })
    await madeDeployment(proxy)
    expect((await bench.cancel(job)).body).toMatchObject({ status: 'running' })
    expect(await bench.tycho.done(job)).toMatchObject({ status: 'canceled', error: { code: 'CANCELED' } })
    expect(await bench.objects('two')).toEqual([])
    expect(
      proxy.requests.filter(({ method, path }) => method === 'POST' && path.includes('/services')),
    ).toEqual([])
  })

  it('of an update brings back what ran before', async () => {
    await bench.tycho.done(await bench.tycho.start({ name: 'three', ...web({ labels: { is: 'good' } }) }))
    const before = await bench.system('three')
    const update = await bench.put('three', neverReady)
    await bench.waiting(update)
    expect((await bench.cancel(update)).status).toBe(202)
    expect(await bench.tycho.done(update)).toMatchObject({
      status: 'canceled',
      error: { code: 'CANCELED', details: { rolledBack: true } },
    })
    const after = await bench.system('three')
    expect(after).toMatchObject({
      phase: 'running',
      sid: before.sid,
      services: { web: { readiness: 'ready' } },
    })
    const same = await bench.tycho.done(await bench.put('three', web({ labels: { is: 'good' } })))
    expect(same.result?.changes.map(({ action }) => action)).not.toContain('configured')
  })
})

describe('a failed start', () => {
  it('keeps its objects when it was asked to, until the system is stopped', async () => {
    const asked = { name: 'kept', keepOnFailure: true, ...missing }
    const job = await bench.tycho.done(await bench.tycho.start(asked))
    expect(job).toMatchObject({ status: 'failed', error: { code: 'IMAGE_PULL_FAILED' } })
    expect(await bench.objects('kept')).toContain('Deployment/kept-web')
    expect((await bench.system('kept')).phase).toBe('failed')
    expect((await bench.tycho.stop('kept')).status).toBe('succeeded')
    expect(await bench.objects('kept')).toEqual([])
  })

  it('is tried again as a new job', async () => {
    const first = await bench.tycho.done(
      await bench.tycho.start({ name: 'again', timeoutSeconds: 2, ...neverReady }),
    )
    expect(first).toMatchObject({ status: 'failed', error: { code: 'DEADLINE_EXCEEDED', retryable: true } })
    const second = await bench.retry(first)
    expect(second).toMatchObject({ retryOf: first.id, kind: 'system.start' })
    expect(second.system.sid).not.toBe(first.system.sid)
    expect((await bench.tycho.done(second)).error?.code).toBe('DEADLINE_EXCEEDED')
    expect(await bench.objects('again')).toEqual([])
  })
})

describe('a failed update', () => {
  it('goes back to the last good spec when it was asked to, and says so', async () => {
    await bench.tycho.done(await bench.tycho.start({ name: 'back', ...web() }))
    const job = await bench.tycho.done(await bench.put('back', { rollback: true, ...missing }))
    expect(job).toMatchObject({
      status: 'failed',
      error: {
        code: 'IMAGE_PULL_FAILED',
        message: expect.stringContaining('back at its last good state'),
        details: { rolledBack: true },
      },
    })
    expect(await bench.system('back')).toMatchObject({
      phase: 'running',
      services: { web: { readiness: 'ready' } },
    })
  })
})
