// The whole road: Tycho's own processes, a real Redis, a real cluster with real pods.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, MISSING_IMAGE, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { get, waitForOk } from '../kit/http.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'

const sample = (name: string) => readFileSync(new URL(`../../samples/${name}.yml`, import.meta.url), 'utf8')

async function openRoad() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('road'))
  const api = opening.use(openApi())
  const tycho = opening.use(
    await startTycho({ kubeconfig: testCluster().kubeconfig, namespace: namespace.name }),
  )
  const opened = opening.move()
  return { tycho, api, namespace: namespace.name, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

async function started(tycho: Tycho, body: Record<string, unknown>): Promise<Job> {
  const job = await tycho.done(await tycho.start(body))
  expect(job.error).toBeUndefined()
  return job
}

const urlOf = (job: Job, service: string): string =>
  must(job.result?.endpoints.find((endpoint) => endpoint.service === service)?.url)

describe('the road', () => {
  it('leads from the hello sample to an HTTP 200 on its node port, and back to nothing', async () => {
    await using road = await openRoad()
    const job = await started(road.tycho, { name: 'hello', compose: sample('hello') })
    expect(await waitForOk(urlOf(job, 'hello'))).toContain('<title>Hello Tycho</title>')

    const stopped = await road.tycho.stop('hello')
    expect(stopped.status).toBe('succeeded')
    expect(await managedObjects(road.api, road.namespace)).toEqual([])
    expect(await get(urlOf(job, 'hello'))).toBeUndefined()
  })

  it('lets each of two copies of one system in one namespace reach its own redis by name', async () => {
    await using road = await openRoad()
    const copies = ['first', 'second'].map((name) =>
      started(road.tycho, { name, compose: sample('counter') }),
    )
    const [first, second] = await Promise.all(copies)
    const visit = (job: Job | undefined) => waitForOk(`${urlOf(must(job), 'web')}/cgi-bin/index.cgi`)
    const answers = [await visit(first), await visit(first), await visit(first), await visit(second)]
    expect(answers.map((answer) => answer.split(' ')[0])).toEqual(['1', '2', '3', '1'])
  })

  it('fails an image that the registry does not have with the reason, and leaves nothing', async () => {
    await using road = await openRoad()
    const compose = { services: { web: { image: MISSING_IMAGE } } }
    const startedAt = performance.now()
    const accepted = await road.tycho.start({ name: 'missing', compose })
    const job = await road.tycho.done(accepted)
    // The default deadline is ten minutes.
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(job).toMatchObject({ status: 'failed', error: { retryable: false } })
    expect(job.error?.message).toContain(MISSING_IMAGE)
    expect(await managedObjects(road.api, road.namespace)).toEqual([])
  })

  it('takes a second start by the same name only after the first is stopped', async () => {
    await using road = await openRoad()
    const body = { name: 'twice', compose: sample('hello') }
    await started(road.tycho, body)
    expect((await road.tycho.send('POST', '/v1/systems', body)).status).toBe(409)
    await road.tycho.stop('twice')
    const again = await started(road.tycho, body)
    expect(again.status).toBe('succeeded')
  })

  it('brings a running system to a changed file and removes what it no longer wants', async () => {
    await using road = await openRoad()
    await started(road.tycho, { name: 'app', compose: sample('counter') })
    const compose = {
      services: { redis: { image: 'demo/redis' }, other: { image: 'demo/hello', ports: ['8888'] } },
    }
    const answer = await road.tycho.send<Job>('PUT', '/v1/systems/app', { compose })
    expect(answer.status).toBe(202)
    const job = await road.tycho.done(answer.body)
    expect(job.error).toBeUndefined()
    expect(await waitForOk(urlOf(job, 'other'))).toContain('Hello Tycho')
    await waitFor('the old pods to go', async () => {
      const objects = await managedObjects(road.api, road.namespace)
      return !objects.some((subject) => subject.includes('app-web'))
    })
    expect(job.result?.changes).toContainEqual({ subject: 'Deployment/app-web', action: 'deleted' })
  })
})
