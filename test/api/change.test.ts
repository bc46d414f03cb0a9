// PUT and DELETE: changes to a system that may be changing already.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { fail, finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const other = hello.replace('demo/hello', 'demo/other')

const put = (api: TestApi, payload: object) =>
  send<Job>(api, { method: 'PUT', url: '/v1/systems/hello', payload })

const stop = (api: TestApi) => send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello' })

describe('PUT /v1/systems/{name}', () => {
  it('starts a system that is not there', async () => {
    await using api = await testApi()
    const { status, body } = await put(api, { compose: hello })
    expect(status).toBe(202)
    expect(body).toMatchObject({ kind: 'system.start', system: { name: 'hello' } })
  })

  it('updates one that is there, keeping its incarnation', async () => {
    await using api = await testApi()
    const { body: first } = await put(api, { compose: hello })
    await finish(api, first.id)
    const { body: second } = await put(api, { compose: other, labels: { class: 'b' } })
    expect(second).toMatchObject({ kind: 'system.update', system: { sid: first.system.sid } })
    expect(await api.store.works.system('alice', 'hello')).toMatchObject({
      phase: 'updating',
      job: second.id,
      labels: { class: 'b' },
    })
  })

  it('makes a job of an equal spec once nothing runs, to repair drift', async () => {
    await using api = await testApi()
    const { body: first } = await put(api, { compose: hello })
    await finish(api, first.id)
    const { body: second } = await put(api, { compose: hello })
    expect(second.id).not.toBe(first.id)
  })

  it('answers the running job to an equal spec, however it is laid out', async () => {
    await using api = await testApi()
    const { body: first } = await put(api, { compose: hello })
    const { status, body: second } = await put(api, { compose: `# a comment\n${hello}` })
    expect(status).toBe(202)
    expect(second.id).toBe(first.id)
    expect(api.enqueued).toHaveLength(1)
  })

  it('supersedes the running job with another spec', async () => {
    await using api = await testApi()
    const { body: first } = await put(api, { compose: hello })
    const { body: second } = await put(api, { compose: other })
    const { body: ended } = await send<Job>(api, { method: 'GET', url: `/v1/jobs/${first.id}` })
    expect(ended).toMatchObject({ status: 'canceled', done: true, error: { code: 'SUPERSEDED' } })
    expect(ended.revision).toBeGreaterThan(first.revision)
    expect(second).toMatchObject({ status: 'queued', system: { sid: first.system.sid } })
  })

  it('refuses a body that names another system', async () => {
    await using api = await testApi()
    const answer = await refused(api, {
      method: 'PUT',
      url: '/v1/systems/hello',
      payload: { name: 'other', compose: hello },
    })
    expect(answer).toMatchObject({ status: 400, body: { code: 'NAME_MISMATCH' } })
  })

  it('refuses to change a system that is being removed', async () => {
    await using api = await testApi()
    await put(api, { compose: hello })
    await stop(api)
    const answer = await refused(api, {
      method: 'PUT',
      url: '/v1/systems/hello',
      payload: { compose: hello },
    })
    expect(answer).toMatchObject({ status: 409, body: { code: 'CHANGE_UNDER_WAY' } })
  })
})

describe('DELETE /v1/systems/{name}', () => {
  it('enqueues a removal and answers its job', async () => {
    await using api = await testApi()
    await finish(api, (await start(api, { name: 'hello', compose: hello })).id)
    const { status, body, headers } = await stop(api)
    expect(status).toBe(202)
    expect(body.kind).toBe('system.stop')
    expect(headers.location).toBe(`/v1/jobs/${body.id}`)
    expect(api.enqueued.at(-1)).toMatchObject({ id: body.id, task: { verb: 'remove' } })
  })

  it('wins over a running start', async () => {
    await using api = await testApi()
    const first = await start(api, { name: 'hello', compose: hello })
    await stop(api)
    expect(await api.store.works.job(first.id)).toMatchObject({
      status: 'canceled',
      error: { code: 'SUPERSEDED' },
    })
  })

  it('keeps the volumes, unless asked otherwise, also by a second request while it stops', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    const { body: first } = await stop(api)
    expect(await api.store.works.job(first.id)).toMatchObject({ volumes: false })
    const withVolumes = () => send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello?volumes=true' })
    const { body: second } = await withVolumes()
    expect(await api.store.works.job(second.id)).toMatchObject({ kind: 'system.stop', volumes: true })
    expect(await api.store.works.job(first.id)).toMatchObject({ status: 'canceled' })
    expect((await withVolumes()).body.id).toBe(second.id)
    expect((await stop(api)).body.id).toBe(second.id)
  })

  it('answers the same job while it stops', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    const { body: first } = await stop(api)
    const { body: second } = await stop(api)
    expect(second.id).toBe(first.id)
  })

  it('answers 404 for a name that is unknown, stopped, or whose start left nothing', async () => {
    await using api = await testApi()
    const request = { method: 'DELETE', url: '/v1/systems/hello' } as const
    const unknown = await refused(api, request)
    await finish(api, (await start(api, { name: 'hello', compose: hello })).id)
    await finish(api, (await stop(api)).body.id)
    const stopped = await refused(api, request)
    await fail(
      api,
      (await start(api, { name: 'hello', compose: hello })).id,
      'IMAGE_NOT_FOUND',
      'no such image',
    )
    const failed = await refused(api, request)
    for (const answer of [unknown, stopped, failed]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'SYSTEM_NOT_FOUND' } })
    }
  })

  it('deletes the volumes that a stopped system has kept, and lets nobody start it meanwhile', async () => {
    await using api = await testApi()
    await finish(api, (await start(api, { name: 'hello', compose: hello })).id)
    await finish(api, (await stop(api)).body.id)
    const url = '/v1/systems/hello?volumes=true'
    const { status, body } = await send<Job>(api, { method: 'DELETE', url })
    expect([status, body.kind]).toEqual([202, 'system.stop'])
    expect(api.enqueued.at(-1)).toMatchObject({ id: body.id, volumes: true, task: { verb: 'remove' } })
    expect((await send<Job>(api, { method: 'DELETE', url })).body.id).toBe(body.id)
    expect(await put(api, { compose: hello })).toMatchObject({ status: 409 })
    await finish(api, body.id)
    expect(await api.store.works.system('alice', 'hello')).toMatchObject({ phase: 'stopped' })
    expect(await put(api, { compose: hello })).toMatchObject({ body: { kind: 'system.start' } })
  })

  it('of a system that is forgotten says what becomes of its volumes', async () => {
    await using api = await testApi()
    const url = '/v1/systems/hello?volumes=true'
    const { status, body } = await refused(api, { method: 'DELETE', url })
    expect([status, body.detail]).toEqual([404, expect.stringContaining('start it again')])
  })

  it('stops one of two that ask at the same time, and answers both the same job', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    const answers = await Promise.all([stop(api), stop(api), stop(api)])
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  })
})
