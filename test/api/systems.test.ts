// Systems as they are shown and listed.
import { describe, expect, it } from 'vitest'
import type { System, SystemPage } from '../../src/api/schemas/system.ts'
import { fail, finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const show = async (api: TestApi, name: string) =>
  (await send<System>(api, { method: 'GET', url: `/v1/systems/${name}` })).body

const list = async (api: TestApi, query = '') =>
  (await send<SystemPage>(api, { method: 'GET', url: `/v1/systems?${query}` })).body

const two = 'services:\n  web: { image: x, depends_on: [db] }\n  db: { image: y }\n'

describe('GET /v1/systems/{name}', () => {
  it('shows a starting system with its services, what they depend on, and the reason why it is not ready', async () => {
    await using api = await testApi()
    const job = await start(api, { name: 'hello', compose: two, labels: { class: 'a' } })
    expect(await show(api, 'hello')).toMatchObject({
      name: 'hello',
      sid: job.system.sid,
      phase: 'starting',
      readiness: 'pending',
      reason: { code: 'QUEUED', message: 'waits for a worker' },
      services: { web: { dependsOn: ['db'] }, db: { dependsOn: [] } },
      labels: { class: 'a' },
      endpoints: [],
      job: { id: job.id, href: `/v1/jobs/${job.id}` },
    })
  })

  it('shows a running one with its endpoints, ready and without a reason', async () => {
    await using api = await testApi()
    await finish(api, (await start(api, { name: 'hello', compose: hello })).id)
    const system = await show(api, 'hello')
    expect(system).toMatchObject({ phase: 'running', readiness: 'ready', endpoints: [{ port: 30080 }] })
    expect(system).not.toHaveProperty('reason')
  })

  it('shows a failed one with what its job failed of', async () => {
    await using api = await testApi()
    await fail(
      api,
      (await start(api, { name: 'hello', compose: hello })).id,
      'IMAGE_NOT_FOUND',
      'no such image',
    )
    expect(await show(api, 'hello')).toMatchObject({
      phase: 'failed',
      readiness: 'failed',
      reason: { code: 'IMAGE_NOT_FOUND', message: 'no such image' },
    })
  })

  it('shows a stopped one as long as its jobs are kept', async () => {
    await using api = await testApi()
    await finish(api, (await start(api, { name: 'hello', compose: hello })).id)
    await send(api, { method: 'DELETE', url: '/v1/systems/hello' })
    expect(await show(api, 'hello')).toMatchObject({ phase: 'stopping', readiness: 'terminating' })
    const stop = api.enqueued.at(-1)
    await finish(api, stop?.id ?? '')
    expect(await show(api, 'hello')).toMatchObject({ phase: 'stopped', readiness: 'absent' })
  })

  it('answers 404 for an unknown one', async () => {
    await using api = await testApi()
    const answer = await refused(api, { method: 'GET', url: '/v1/systems/nothing' })
    expect(answer).toMatchObject({ status: 404, body: { code: 'SYSTEM_NOT_FOUND' } })
  })
})

describe('GET /v1/systems', () => {
  it('lists by name, page by page', async () => {
    await using api = await testApi()
    for (const name of ['c', 'a', 'b']) await start(api, { name, compose: hello })
    const first = await list(api, 'pageSize=2')
    expect(first.systems.map((one) => one.name)).toEqual(['a', 'b'])
    const second = await list(api, `pageSize=2&pageToken=${first.nextPageToken}`)
    expect(second.systems.map((one) => one.name)).toEqual(['c'])
    expect(second).not.toHaveProperty('nextPageToken')
  })

  it('filters by phase and by labels, of which all must hold', async () => {
    await using api = await testApi()
    await start(api, { name: 'a', compose: hello, labels: { class: 'x', role: 'front' } })
    const { id } = await start(api, { name: 'b', compose: hello, labels: { class: 'x' } })
    await start(api, { name: 'c', compose: hello })
    await finish(api, id)
    const names = async (query: string) => (await list(api, query)).systems.map((one) => one.name)
    expect(await names('label=class')).toEqual(['a', 'b'])
    expect(await names('label=class=x&label=role=front')).toEqual(['a'])
    expect(await names('label=class=y')).toEqual([])
    expect(await names('phase=running')).toEqual(['b'])
  })
})
