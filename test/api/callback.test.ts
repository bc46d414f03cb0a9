// `callbackUrl` and `callbackEvents` of a request: checked before anything is accepted, and kept with the job.
import { describe, expect, it } from 'vitest'
import { createGuard } from '../../src/webhooks/guard.ts'
import { must } from '../kit/work.ts'
import { fail, hello, refused, send, start, testApi } from './kit.ts'

const url = 'https://portal.example.org/hooks?of=class'

const post = (payload: object) => ({ method: 'POST' as const, url: '/v1/systems', payload })

describe('a callback', () => {
  it('of a start is kept with the job, and with the job that tries it again', async () => {
    await using api = await testApi()
    const job = await start(api, { compose: hello, callbackUrl: url, callbackEvents: ['system.failed'] })
    const callback = { url, events: ['system.failed'] }
    expect(must(await api.store.works.job(job.id)).origin.callback).toEqual(callback)
    await fail(api, job.id, 'IMAGE_PULL_FAILED', 'no such image')
    const retry = await send<{ id: string }>(api, { method: 'POST', url: `/v1/jobs/${job.id}/retry` })
    expect(must(await api.store.works.job(retry.body.id)).origin.callback).toEqual(callback)
  })

  it('is taken from the query beside a Compose file', async () => {
    await using api = await testApi()
    const query = `callbackUrl=${encodeURIComponent(url)}&callbackEvents=system.started&callbackEvents=system.failed`
    const { body } = await send<{ id: string }>(api, {
      method: 'PUT',
      url: `/v1/systems/one?${query}`,
      headers: { 'content-type': 'application/yaml' },
      payload: hello,
    })
    expect(must(await api.store.works.job(body.id)).origin.callback).toEqual({
      url,
      events: ['system.started', 'system.failed'],
    })
  })

  it('makes a new job of a PUT that repeats a running one without it', async () => {
    await using api = await testApi()
    const put = async (more: object) =>
      (
        await send<{ id: string }>(api, {
          method: 'PUT',
          url: '/v1/systems/one',
          payload: { compose: hello, ...more },
        })
      ).body.id
    const plain = await put({})
    expect(await put({})).toBe(plain)
    const told = await put({ callbackUrl: url })
    expect(told).not.toBe(plain)
    expect(await put({ callbackUrl: url })).toBe(told)
  })
})

describe('a callback is refused, and nothing accepted,', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://[::ffff:10.0.0.1]/',
    'http://169.254.169.254/latest/meta-data',
    'ftp://example.org/',
    'https://user:pass-of-ada@example.org/',
  ])('to %s: 422', async (callbackUrl) => {
    await using api = await testApi()
    const { status, body } = await refused(api, post({ compose: hello, callbackUrl }))
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'CALLBACK_NOT_ALLOWED' })
    expect(body.detail).not.toContain('pass-of-ada')
  })

  it('to a name that leads to an address inside: 422', async () => {
    const guard = createGuard({ allow: [], httpsOnly: false, resolve: async () => ['8.8.8.8', '10.0.0.7'] })
    await using api = await testApi({ guard })
    const { body } = await refused(api, post({ compose: hello, callbackUrl: url }))
    expect(body).toMatchObject({ code: 'CALLBACK_NOT_ALLOWED', status: 422 })
    expect(body.detail).toContain('10.0.0.7')
  })

  it.each([
    [{ callbackUrl: 'nowhere' }, 'callbackUrl'],
    [{ callbackUrl: '' }, 'callbackUrl'],
    [{ callbackUrl: url, callbackEvents: ['system.exploded'] }, 'callbackEvents[0]'],
    [{ callbackEvents: ['system.started'] }, 'callbackEvents'],
  ])('as %j: 400', async (more, path) => {
    await using api = await testApi()
    const { status, body } = await refused(api, post({ compose: hello, ...more }))
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID_REQUEST' })
    expect(body.problems.map((problem) => problem.path)).toContain(path)
  })
})
