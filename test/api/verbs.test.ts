// Restart, suspend and resume over HTTP: what is accepted, what is answered by the job that runs, what is refused.
import { describe, expect, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import type { Job } from '../../src/jobs/job.ts'
import type { Verb } from '../../src/jobs/verbs.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { fail, finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const url = (verb: Verb, name = 'hello') => `/v1/systems/${name}/${verb}`

const ask = (api: TestApi, verb: Verb) => send<Job>(api, { method: 'POST', url: url(verb) })

async function asked(api: TestApi, verb: Verb): Promise<Job> {
  const { status, headers, body } = await ask(api, verb)
  expect([status, headers.location]).toEqual([202, `/v1/jobs/${body.id}`])
  expect(body.kind).toBe(`system.${verb}`)
  return body
}

async function show(api: TestApi): Promise<System> {
  return (await send<System>(api, { method: 'GET', url: '/v1/systems/hello' })).body
}

/** A system that runs. */
async function running(api: TestApi): Promise<Job> {
  const job = await start(api, { name: 'hello', compose: hello, labels: { class: 'a' }, ttlSeconds: 3600 })
  await finish(api, job.id)
  return job
}

async function suspended(api: TestApi): Promise<void> {
  await running(api)
  await finish(api, (await asked(api, 'suspend')).id)
}

describe('a restart', () => {
  it('is a job on the same incarnation, and the system keeps what it is', async () => {
    await using api = await testApi()
    const first = await running(api)
    const before = await show(api)
    const job = await asked(api, 'restart')
    expect(job.system).toEqual(first.system)
    expect(api.enqueued.at(-1)?.id).toBe(job.id)
    const { labels, expiresAt, endpoints } = before
    expect(await show(api)).toMatchObject({ phase: 'updating', labels, expiresAt, endpoints })
    await finish(api, job.id)
    expect(await show(api)).toMatchObject({ phase: 'running' })
  })

  it('is the same job as long as it runs, and a new one afterwards', async () => {
    await using api = await testApi()
    await running(api)
    const first = await asked(api, 'restart')
    expect((await asked(api, 'restart')).id).toBe(first.id)
    await finish(api, first.id)
    expect((await asked(api, 'restart')).id).not.toBe(first.id)
  })

  it('keeps its mark through later changes of the system', async () => {
    await using api = await testApi()
    await running(api)
    await finish(api, (await asked(api, 'restart')).id)
    const mark = (await api.store.works.system('alice', 'hello'))?.restartedAt
    expect(mark).toEqual(expect.any(Number))
    for (const request of [
      { method: 'PUT', payload: { compose: hello } },
      { method: 'PATCH', payload: { services: { web: { replicas: 2 } } } },
    ] as const) {
      const { body } = await send<Job>(api, { ...request, url: '/v1/systems/hello' })
      await finish(api, body.id)
      expect(await api.store.works.system('alice', 'hello')).toMatchObject({ restartedAt: mark })
    }
  })

  it('is refused for a suspended system', async () => {
    await using api = await testApi()
    await suspended(api)
    const { status, body } = await refused(api, { method: 'POST', url: url('restart') })
    expect([status, body.code]).toEqual([409, 'SYSTEM_SUSPENDED'])
  })
})

describe('a suspend', () => {
  it('ends with a system that is suspended, neither degraded nor pending', async () => {
    await using api = await testApi()
    await running(api)
    const job = await asked(api, 'suspend')
    expect((await show(api)).phase).toBe('suspending')
    await finish(api, job.id)
    const { phase, readiness, expiresAt, endpoints } = await show(api)
    expect([phase, readiness, endpoints.length]).toEqual(['suspended', 'absent', 1])
    expect(expiresAt).toEqual(expect.any(String))
  })

  it('of a suspended system is a job that sees to it', async () => {
    await using api = await testApi()
    await suspended(api)
    const job = await asked(api, 'suspend')
    expect((await show(api)).phase).toBe('suspending')
    await finish(api, job.id)
    expect((await show(api)).phase).toBe('suspended')
  })

  it("and a resume take each other's place", async () => {
    await using api = await testApi()
    await running(api)
    const suspend = await asked(api, 'suspend')
    const resume = await asked(api, 'resume')
    expect((await show(api)).phase).toBe('starting')
    const again = await asked(api, 'suspend')
    expect((await show(api)).phase).toBe('suspending')
    for (const { id } of [suspend, resume]) {
      const { body } = await send<Job>(api, { method: 'GET', url: `/v1/jobs/${id}` })
      expect([body.status, body.error?.code]).toEqual(['canceled', 'SUPERSEDED'])
    }
    await finish(api, again.id)
    expect((await show(api)).phase).toBe('suspended')
  })

  it('is left by a PATCH, and ended by a PUT', async () => {
    await using api = await testApi()
    await suspended(api)
    const payload = { labels: { class: 'b' } }
    const patch = await send<Job>(api, { method: 'PATCH', url: '/v1/systems/hello', payload })
    expect((await show(api)).phase).toBe('updating')
    await finish(api, patch.body.id)
    expect(await show(api)).toMatchObject({ phase: 'suspended', labels: { class: 'b' } })
    const put = await send<Job>(api, {
      method: 'PUT',
      url: '/v1/systems/hello',
      payload: { compose: hello },
    })
    await finish(api, put.body.id)
    expect((await show(api)).phase).toBe('running')
  })

  it('gives way to a DELETE, at any time', async () => {
    await using api = await testApi()
    await running(api)
    const suspend = await asked(api, 'suspend')
    const stop = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello' })
    expect([stop.status, stop.body.kind]).toEqual([202, 'system.stop'])
    const { body } = await send<Job>(api, { method: 'GET', url: `/v1/jobs/${suspend.id}` })
    expect(body.status).toBe('canceled')
  })
})

describe('a resume', () => {
  it('ends with a system that runs', async () => {
    await using api = await testApi()
    await suspended(api)
    const job = await asked(api, 'resume')
    expect((await show(api)).phase).toBe('starting')
    await finish(api, job.id)
    expect(await show(api)).toMatchObject({ phase: 'running', readiness: 'ready' })
  })

  it('of a system that runs is a job that sees to it', async () => {
    await using api = await testApi()
    await running(api)
    const job = await asked(api, 'resume')
    expect((await show(api)).phase).toBe('updating')
    await finish(api, job.id)
    expect((await show(api)).phase).toBe('running')
  })
})

describe('a failed one', () => {
  it.each(['restart', 'suspend', 'resume'] as const)(
    'leaves a degraded system, and %s can be tried again',
    async (verb) => {
      await using api = await testApi()
      await (verb === 'resume' ? suspended(api) : running(api))
      const job = await asked(api, verb)
      await fail(api, job.id, 'BROKEN', 'it broke')
      expect((await show(api)).phase).toBe('degraded')
      const { status, body } = await send<Job>(api, { method: 'POST', url: `/v1/jobs/${job.id}/retry` })
      expect([status, body.kind, body.retryOf]).toEqual([202, job.kind, job.id])
      await finish(api, body.id)
      expect((await show(api)).phase).toBe(verb === 'suspend' ? 'suspended' : 'running')
    },
  )
})

describe.each(['restart', 'suspend', 'resume'] as const)('%s', (verb) => {
  it('is answered 404 where there is no system', async () => {
    await using api = await testApi()
    const { status, body } = await refused(api, { method: 'POST', url: url(verb, 'nobody') })
    expect([status, body.code]).toEqual([404, 'SYSTEM_NOT_FOUND'])
  })

  it('is answered 404 for a system that is stopped', async () => {
    await using api = await testApi()
    await running(api)
    const { body } = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello' })
    await finish(api, body.id)
    const answer = await refused(api, { method: 'POST', url: url(verb) })
    expect([answer.status, answer.body.code]).toEqual([404, 'SYSTEM_NOT_FOUND'])
  })

  it('is refused while a first start, another change or a removal is under way', async () => {
    await using api = await testApi()
    const first = await start(api, { name: 'hello', compose: hello })
    const refusedNow = async () => {
      const { status, body } = await refused(api, { method: 'POST', url: url(verb) })
      expect([status, body.code]).toEqual([409, 'CHANGE_UNDER_WAY'])
    }
    await refusedNow()
    await finish(api, first.id)
    const payload = { services: { web: { replicas: 2 } } }
    await send(api, { method: 'PATCH', url: '/v1/systems/hello', payload })
    await refusedNow()
    await send(api, { method: 'DELETE', url: '/v1/systems/hello' })
    await refusedNow()
  })

  it('is refused for what a failed first start has left', async () => {
    await using api = await testApi()
    const job = await start(api, { name: 'hello', compose: hello, keepOnFailure: true })
    await fail(api, job.id, 'BROKEN', 'it broke')
    const { status, body } = await refused(api, { method: 'POST', url: url(verb) })
    expect([status, body.code]).toEqual([409, 'NOT_RUNNING'])
  })

  it('is one more pending job of the tenant', async () => {
    const limits = { pendingJobs: 1 }
    await using api = await testApi({ tenancy: toTenancy({}, { alice: { limits } }, []) })
    await running(api)
    await start(api, { name: 'another', compose: hello })
    const { status, headers, body } = await refused(api, { method: 'POST', url: url(verb) })
    expect([status, body.code]).toEqual([429, 'JOB_LIMIT'])
    expect(headers['retry-after']).toBeDefined()
  })

  it('takes no body and no unknown query', async () => {
    await using api = await testApi()
    await running(api)
    const { status, body } = await refused(api, { method: 'POST', url: `${url(verb)}?force=true` })
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST'])
  })
})
