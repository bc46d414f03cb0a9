// Pages of other origins, proxies, and one caller's whole way, over a socket.
import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Job } from '../../src/jobs/job.ts'
import { hello, issue, send, type TestApi, type TestApiOptions, testApi } from './kit.ts'

const origin = 'https://portal.example.org'

async function listening(options: TestApiOptions) {
  const api = await testApi(options)
  return Object.assign(api, { url: await api.app.listen({ host: '127.0.0.1', port: 0 }) })
}

describe('a page of another origin', () => {
  it('that is allowed may ask first, and then call and read what it needs', async () => {
    await using api = await listening({ corsOrigins: [origin, 'http://localhost:3000'] })
    const { headers } = await issue(api)
    const first = await fetch(`${api.url}/v1/systems`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    })
    expect(first.status).toBe(204)
    expect(first.headers.get('access-control-allow-origin')).toBe(origin)
    expect(first.headers.get('access-control-allow-methods')).toContain('PATCH')
    for (const name of ['Authorization', 'Idempotency-Key', 'If-None-Match', 'Last-Event-ID', 'Prefer'])
      expect(first.headers.get('access-control-allow-headers')).toContain(name)

    const answer = await fetch(`${api.url}/v1/systems`, {
      method: 'POST',
      headers: { ...headers, origin, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'demo', compose: hello }),
    })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true')
    expect(answer.headers.get('vary')).toContain('Origin')
    for (const name of ['ETag', 'Location', 'Retry-After', 'RateLimit', 'RateLimit-Policy', 'X-Request-Id'])
      expect(answer.headers.get('access-control-expose-headers')).toContain(name)
    await answer.body?.cancel()
  })

  it('that is allowed may read its refusals too', async () => {
    await using api = await testApi({ corsOrigins: [origin], anonymousTenant: null })
    const answer = await send(api, { method: 'GET', url: '/v1/systems', headers: { origin } })
    expect(answer).toMatchObject({ status: 401, headers: { 'access-control-allow-origin': origin } })
  })

  it('that is not allowed is told nothing, nor is any where none is', async () => {
    for (const corsOrigins of [[origin], []]) {
      await using api = await testApi({ corsOrigins })
      for (const stranger of [
        'https://evil.example',
        `${origin}.evil.example`,
        'null',
        'http://portal.example.org',
      ]) {
        const headers = { origin: stranger, 'access-control-request-method': 'POST' }
        const first = await api.app.inject({ method: 'OPTIONS', url: '/v1/systems', headers })
        expect(first.headers).not.toHaveProperty('access-control-allow-origin')
        const answer = await send(api, { method: 'GET', url: '/v1/systems', headers })
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
      }
    }
  })
})

describe('where a call comes from', () => {
  const get = (api: TestApi & { url: string }, headers: Record<string, string>) =>
    fetch(`${api.url}/v1/systems`, { headers })

  it('is what a trusted proxy says: an outsider is nobody without a token', async () => {
    await using api = await listening({ trustedProxies: ['127.0.0.0/8'] })
    expect((await get(api, {})).status).toBe(200)
    expect((await get(api, { 'x-forwarded-for': '192.0.2.7' })).status).toBe(401)
    expect((await get(api, { 'x-forwarded-for': '127.0.0.1, 192.0.2.7' })).status).toBe(401)
    const { headers } = await issue(api)
    expect((await get(api, { ...headers, 'x-forwarded-for': '192.0.2.7' })).status).toBe(200)
  })

  it('is not what anybody else says: failures are counted where they come from', async () => {
    await using api = await listening({ trustedProxies: ['192.0.2.1'] })
    for (let times = 0; times < 30; times++)
      await get(api, { authorization: 'Bearer wrong', 'x-forwarded-for': `192.0.2.${times}` })
    const answer = await get(api, { authorization: 'Bearer wrong', 'x-forwarded-for': '192.0.2.99' })
    expect(answer.status).toBe(429)
  })

  it('through a proxy on this machine needs no loopback Host with a token', async () => {
    await using api = await listening({})
    const { headers } = await issue(api)
    const host = 'tycho.example'
    expect(await statusOf(api.url, { host })).toBe(403)
    expect(await statusOf(api.url, { host, ...headers })).toBe(200)
  })
})

it('a caller makes a token, starts, follows, stops, and is out when the token is revoked', async () => {
  const adminToken = 'the-operators-own-token-of-a-good-length'
  await using api = await listening({ anonymousTenant: null, adminToken })
  const call = async <T>(method: string, path: string, token: string | null, body?: object) => {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text || 'null') as T }
  }
  expect((await call('GET', '/v1/systems', null)).status).toBe(401)
  const made = await call<{ id: string; token: string }>('POST', '/v1/tokens', adminToken, { tenant: 'bob' })
  const { token, id } = made.body
  const job = await call<Job>('POST', '/v1/systems', token, { name: 'demo', compose: hello })
  expect(job).toMatchObject({ status: 202, body: { tenant: 'bob', status: 'queued' } })
  const polled = await call<Job>('GET', job.headers.get('location') ?? '', token)
  expect(polled).toMatchObject({ status: 200, body: { id: job.body.id } })
  expect((await call('GET', `/v1/jobs/${job.body.id}`, adminToken)).status).toBe(404)
  expect((await call('DELETE', '/v1/systems/demo', token)).status).toBe(202)
  expect((await call('DELETE', `/v1/tokens/${id}`, token)).status).toBe(403)
  expect((await call('DELETE', `/v1/tokens/${id}`, adminToken)).status).toBe(204)
  expect((await call('GET', '/v1/systems', token)).status).toBe(401)
  for (const secret of [token, token.slice(-43), adminToken])
    expect(JSON.stringify(api.lines)).not.toContain(secret)
})

/** `fetch` sets `Host` itself. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(`${url}/v1/systems`, { headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode))
    })
    sent.on('error', reject).end()
  })
}

describe('the proxies that the operator trusts', () => {
  const trusted = (list: string) => readConfig({ TYCHO_TRUSTED_PROXIES: list }).trustedProxies

  it('are a list of addresses and networks', () => {
    expect(trusted('127.0.0.1, 10.0.0.0/8')).toEqual(['127.0.0.1/32', '10.0.0.0/8'])
  })

  it.each(['999.1.1.1', '10.0.0.0/99', 'proxy.example'])('are not %s', (list) => {
    expect(() => trusted(list)).toThrow(`TYCHO_TRUSTED_PROXIES: ${list} is no network`)
  })
})
