// Who may call, by which name, and the headers of every answer.
import { describe, expect, it } from 'vitest'
import { refused, send, testApi } from './kit.ts'

describe('without a token', () => {
  it('everything under /v1 and /system answers 401 where no anonymous tenant is set', async () => {
    await using api = await testApi({ anonymousTenant: null })
    const requests = [
      { method: 'GET', url: '/v1/systems' },
      { method: 'POST', url: '/v1/systems', payload: {} },
      { method: 'PUT', url: '/v1/systems/a', payload: {} },
      { method: 'DELETE', url: '/v1/systems/a' },
      { method: 'GET', url: '/v1/jobs' },
      { method: 'GET', url: '/v1/jobs/a' },
      { method: 'GET', url: '/v1/nothing' },
      { method: 'GET', url: '/%76%31/systems' },
    ] as const
    for (const request of requests) {
      const answer = await refused(api, request)
      expect(answer).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': 'Bearer realm="tycho"' },
        body: { code: 'UNAUTHENTICATED' },
      })
    }
    for (const path of ['start', 'status', 'delete', 'nothing']) {
      expect(await send(api, { method: 'POST', url: `/system/${path}`, payload: {} })).toMatchObject({
        status: 401,
        body: { status: 'error', result: { code: 'UNAUTHENTICATED' } },
      })
    }
  })

  it('a token that nobody has issued is refused, not ignored; so is what can not be read', async () => {
    await using api = await testApi()
    for (const authorization of ['Bearer abc', 'Bearer', 'Bearer a b', 'bearer abc', 'Basic YTpi', '']) {
      const request = { method: 'GET', url: '/v1/systems', headers: { authorization } } as const
      expect(await refused(api, request)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': expect.stringContaining('error="invalid_token"') },
        body: { code: 'TOKEN_INVALID' },
      })
    }
  })
})

describe('on loopback, for the anonymous tenant', () => {
  const get = (host: string) => ({ method: 'GET', url: '/v1/systems', headers: { host } }) as const

  it('Host must be a loopback name: a page of the web may point its own name here', async () => {
    await using api = await testApi()
    for (const host of [
      'evil.example',
      'evil.example:5000',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '10.0.0.1',
    ]) {
      expect(await refused(api, get(host))).toMatchObject({ status: 403, body: { code: 'HOST_NOT_ALLOWED' } })
    }
    for (const host of [
      'localhost',
      'localhost:5000',
      '127.0.0.1:5000',
      '127.1.2.3',
      '[::1]:5000',
      'tycho.localhost',
    ]) {
      expect((await send(api, get(host))).status).toBe(200)
    }
  })

  it('only this machine may call, not another one through a proxy on it', async () => {
    await using api = await testApi()
    const remoteAddress = '192.0.2.7'
    const answer = await refused(api, { ...get('localhost'), remoteAddress })
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } })
  })

  it('nothing starts where other machines could call', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.7', 'tycho.example'])
      await expect(testApi({ host })).rejects.toMatchObject({ code: 'OPEN_TO_ALL' })
  })
})

describe('headers', () => {
  it('answer the id of the request, also in a refusal', async () => {
    await using api = await testApi()
    const headers = { 'x-request-id': 'my-request.1' }
    const answer = await refused(api, { method: 'GET', url: '/v1/jobs/nothing', headers })
    expect(answer.headers['x-request-id']).toBe('my-request.1')
    expect(answer.body).toMatchObject({ requestId: 'my-request.1', instance: '/v1/jobs/nothing' })
  })

  it('take no id that could break a line of a log', async () => {
    await using api = await testApi()
    const answer = await send(api, { method: 'GET', url: '/healthz', headers: { 'x-request-id': 'a b' } })
    expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('tell browsers to guess nothing and frame nothing', async () => {
    await using api = await testApi()
    expect((await send(api, { method: 'GET', url: '/healthz' })).headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
  })

  it('keep the values of variables out of refusals and logs', async () => {
    await using api = await testApi()
    const answer = await refused(api, {
      method: 'POST',
      url: '/v1/systems?env=PASSWORD=hunter2',
      headers: { 'content-type': 'application/yaml' },
      payload: 'services: { web: { image: "${PASSWORD} x" } }',
    })
    expect(JSON.stringify(answer.body)).not.toContain('hunter2')
    expect(JSON.stringify(api.lines)).not.toContain('hunter2')
  })
})
