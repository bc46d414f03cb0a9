// PATCH: single settings of a system that runs, until the next PUT.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const url = '/v1/systems/hello'
const patch = (payload: object) => ({ method: 'PATCH', url, payload }) as const

async function running(api: TestApi): Promise<Job> {
  const job = await start(api, { name: 'hello', compose: hello, labels: { class: 'a', room: '1' } })
  await finish(api, job.id)
  return job
}

async function specOf(api: TestApi): Promise<SystemSpec | undefined> {
  const system = await api.store.works.system('alice', 'hello')
  return (await api.store.contents.get<{ spec: SystemSpec }>(system?.spec ?? ''))?.spec
}

describe('PATCH /v1/systems/{name}', () => {
  it('updates replicas and resources, and leaves the rest as it is', async () => {
    await using api = await testApi()
    const first = await running(api)
    const before = await specOf(api)
    const resources = { limits: { cpus: 1.5, memory: '512M' }, reservations: { memory: 1024 } }
    const { status, headers, body } = await send<Job>(
      api,
      patch({ services: { web: { replicas: 3, resources } } }),
    )
    expect(status).toBe(202)
    expect(headers.location).toBe(`/v1/jobs/${body.id}`)
    expect(body).toMatchObject({ kind: 'system.update', system: { sid: first.system.sid } })
    const web = before?.services.web
    expect(await specOf(api)).toEqual({
      ...before,
      services: {
        web: {
          ...web,
          replicas: 3,
          resources: {
            limits: { ...web?.resources.limits, cpus: 1.5, memoryBytes: 512 * 1024 ** 2 },
            reservations: { ...web?.resources.reservations, memoryBytes: 1024 },
          },
        },
      },
    })
    expect(api.enqueued.at(-1)?.id).toBe(body.id)
  })

  it('adds labels, and takes those away that are null', async () => {
    await using api = await testApi()
    await running(api)
    await send(api, patch({ labels: { room: null, course: 'x' } }))
    expect(await api.store.works.system('alice', 'hello')).toMatchObject({
      labels: { class: 'a', course: 'x' },
      phase: 'updating',
    })
  })

  it('lasts over further patches, until the next PUT', async () => {
    await using api = await testApi()
    await running(api)
    for (const replicas of [2, 3]) {
      const { body } = await send<Job>(api, patch({ services: { web: { replicas } } }))
      await finish(api, body.id)
    }
    const limits = { cpus: 1 }
    const { body } = await send<Job>(api, patch({ services: { web: { resources: { limits } } } }))
    await finish(api, body.id)
    expect((await specOf(api))?.services.web).toMatchObject({ replicas: 3, resources: { limits } })
    await send(api, { method: 'PUT', url, payload: { compose: hello } })
    expect((await specOf(api))?.services.web).toMatchObject({
      replicas: 1,
      resources: { limits: { cpus: null } },
    })
  })

  it('answers the running job to the same again', async () => {
    await using api = await testApi()
    await running(api)
    const same = patch({ services: { web: { replicas: 2 } } })
    const { body: first } = await send<Job>(api, same)
    const { body: second } = await send<Job>(api, same)
    expect(second.id).toBe(first.id)
  })

  it.each<[object, string]>([
    [{ services: { db: { replicas: 2 } } }, 'services.db'],
    [
      { services: { web: { resources: { limits: { memory: 'much' } } } } },
      'services.web.resources.limits.memory',
    ],
    [
      { services: { web: { resources: { limits: { cpus: 1 }, reservations: { cpus: 2 } } } } },
      'services.web.resources',
    ],
    [{ services: { web: { replicas: -1 } } }, 'services.web.replicas'],
    [{ services: { web: { image: 'a' } } }, 'services.web.image'],
    [{ ttlSeconds: 0 }, 'ttlSeconds'],
    [{ compose: hello }, 'compose'],
    [{}, ''],
  ])('refuses %j', async (payload, path) => {
    await using api = await testApi()
    await running(api)
    const { status, body } = await refused(api, patch(payload))
    expect([status, body.code, body.problems?.[0]?.path]).toEqual([400, 'INVALID_REQUEST', path])
  })

  it('says so where what the system was started from is kept no longer', async () => {
    await using api = await testApi()
    await running(api)
    await api.store.works.changeSystem('alice', 'hello', (found) => ({ ...found, spec: 'forgotten' }))
    expect(await refused(api, patch({ labels: { a: 'b' } }))).toMatchObject({
      status: 404,
      body: { code: 'COMPOSE_NOT_KEPT' },
    })
  })

  it('knows no system that is not there, and changes none that is being removed', async () => {
    await using api = await testApi()
    expect(await refused(api, patch({ labels: { a: 'b' } }))).toMatchObject({ status: 404 })
    await running(api)
    await send(api, { method: 'DELETE', url })
    expect(await refused(api, patch({ labels: { a: 'b' } }))).toMatchObject({
      status: 409,
      body: { code: 'CHANGE_UNDER_WAY' },
    })
  })
})
