// Bearer tokens: made, shown once, listed, revoked; and what a caller with one may do and see.
import type { InjectOptions } from 'fastify'
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { waitFor } from '../kit/wait.ts'
import { hello, issue, refused, send, start, type TestApi, testApi } from './kit.ts'

type IssuedToken = { id: string; token: string; expiresAt?: string; scopes: string[] }

const adminToken = 'the-operators-own-token-of-a-good-length'
const operator = { authorization: `Bearer ${adminToken}` }
const closed = { anonymousTenant: null, adminToken }

async function make(api: TestApi, payload: object): Promise<IssuedToken> {
  const answer = await send<IssuedToken>(api, {
    method: 'POST',
    url: '/v1/tokens',
    headers: operator,
    payload,
  })
  expect(answer).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } })
  expect(answer.headers.location).toBe(`/v1/tokens/${answer.body.id}`)
  return answer.body
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const list = (headers: object) => ({ method: 'GET', url: '/v1/systems', headers: { ...headers } }) as const

describe('a token', () => {
  it('is made by the operator, lets its owner in, and shows its secret once', async () => {
    await using api = await testApi(closed)
    const made = await make(api, { tenant: 'bob', description: 'a script' })
    expect(made.token).toMatch(/^tycho_[0-9a-z]{26}_[\w-]{43}$/)
    expect(made.scopes).toEqual(['write'])
    const started = await send<Job>(api, {
      method: 'POST',
      url: '/v1/systems',
      headers: bearer(made.token),
      payload: { name: 'mine', compose: hello },
    })
    expect(started).toMatchObject({ status: 202, body: { tenant: 'bob' } })

    const shown = { id: made.id, tenant: 'bob', scopes: ['write'], description: 'a script' }
    const one = await send(api, { method: 'GET', url: `/v1/tokens/${made.id}`, headers: operator })
    const all = await send(api, { method: 'GET', url: '/v1/tokens', headers: operator })
    expect(one).toMatchObject({ status: 200, body: shown })
    expect(all).toMatchObject({ status: 200, body: { tokens: [shown] } })
    const secret = made.token.split('_').slice(2).join('_')
    for (const text of [one.body, all.body, api.lines, await everythingInRedis(api)])
      expect(JSON.stringify(text)).not.toContain(secret)
    expect(JSON.stringify([api.lines, await everythingInRedis(api)])).not.toContain(adminToken)
  })

  it('is good for nothing from the moment in which it is revoked, in every process', async () => {
    await using api = await testApi(closed)
    await using other = await testApi({ ...closed, redis: { url: urlOf(api), prefix: api.prefix } })
    const made = await make(api, { tenant: 'bob' })
    for (const one of [api, other]) expect((await send(one, list(bearer(made.token)))).status).toBe(200)
    const revoke = { method: 'DELETE', url: `/v1/tokens/${made.id}`, headers: operator } as const
    expect(await send(api, revoke)).toMatchObject({ status: 204, body: null })
    expect(await refused(api, list(bearer(made.token)))).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('error="invalid_token"') },
      body: { code: 'TOKEN_INVALID', detail: 'The token is unknown or was revoked' },
    })
    const begun = Date.now()
    await waitFor('the other process to hear of it', async () => {
      const { status } = await send(other, list(bearer(made.token)))
      return status === 401 || undefined
    })
    expect(Date.now() - begun).toBeLessThan(2_000)
    expect(await refused(api, revoke)).toMatchObject({ status: 404, body: { code: 'TOKEN_NOT_FOUND' } })
  })

  it('ends with its time', async () => {
    await using api = await testApi(closed)
    const made = await make(api, { tenant: 'bob', ttlSeconds: 3600 })
    expect(Date.parse(made.expiresAt ?? '')).toBeGreaterThan(Date.now() + 3_500_000)
    const { headers } = await issue(api, { expiresAt: Date.now() - 1 })
    expect(await refused(api, { ...list(headers) })).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringContaining('error="invalid_token"') },
      body: { code: 'TOKEN_EXPIRED' },
    })
  })

  it('with another secret, cut short, or of another kind is refused, and leaves nothing behind', async () => {
    await using api = await testApi(closed)
    const { token } = await issue(api)
    const other = await issue(api)
    const wrong = [
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`,
      token.slice(0, -1),
      `${token}A`,
      `${token.slice(0, 33)}${other.token.slice(33)}`,
      'tycho_',
      `${adminToken}x`,
      adminToken.slice(0, -1),
      'a.b.c',
    ]
    for (const one of wrong) {
      const headers = bearer(one)
      const requests = [
        list(headers),
        { method: 'POST', url: '/v1/systems', headers, payload: { compose: hello } },
        { method: 'GET', url: '/v1/tokens', headers },
      ] as const
      for (const request of requests)
        expect(await refused(api, request)).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } })
      if (one.length > 10) expect(JSON.stringify(api.lines)).not.toContain(one)
    }
  })

  it('is asked for with words that are wrong: 400', async () => {
    await using api = await testApi(closed)
    for (const payload of [
      {},
      { tenant: 'Bob' },
      { tenant: 'bob', scopes: [] },
      { tenant: 'bob', scopes: ['all'] },
      { tenant: 'bob', ttlSeconds: 0 },
      { tenant: 'bob', secret: 'mine' },
    ])
      expect(
        await refused(api, { method: 'POST', url: '/v1/tokens', headers: operator, payload }),
      ).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
  })

  it('is on a page of the list, newest first, also of one tenant', async () => {
    await using api = await testApi(closed)
    const made: string[] = []
    for (const tenant of ['bob', 'carol', 'bob']) made.unshift((await make(api, { tenant })).id)
    const get = async (query: string) =>
      (
        await send<{ tokens: { id: string }[]; nextPageToken?: string }>(api, {
          method: 'GET',
          url: `/v1/tokens?${query}`,
          headers: operator,
        })
      ).body
    const first = await get('pageSize=2')
    const second = await get(`pageSize=2&pageToken=${first.nextPageToken}`)
    expect([...first.tokens, ...second.tokens].map(({ id }) => id)).toEqual(made)
    expect(second.nextPageToken).toBeUndefined()
    expect((await get('tenant=carol')).tokens.map(({ id }) => id)).toEqual([made[1]])
  })
})

describe('a scope', () => {
  const write = [
    { method: 'POST', url: '/v1/systems', payload: { compose: hello } },
    { method: 'PUT', url: '/v1/systems/a', payload: { compose: hello } },
    { method: 'PATCH', url: '/v1/systems/a', payload: {} },
    { method: 'DELETE', url: '/v1/systems/a' },
    { method: 'POST', url: '/v1/jobs/a/cancel' },
    { method: 'POST', url: '/v1/jobs/a/retry' },
  ] as const
  const admin = [
    { method: 'GET', url: '/v1/tokens' },
    { method: 'POST', url: '/v1/tokens', payload: { tenant: 'bob' } },
    { method: 'DELETE', url: '/v1/tokens/01m1x6wz4z8xk5vq6n3d8e2r7c' },
    { method: 'GET', url: '/v1/doctor' },
    { method: 'POST', url: '/v1/doctor/remove', payload: { objects: ['a'] } },
  ] as const

  it('that is missing is 403 with its name, and nothing is done', async () => {
    await using api = await testApi(closed)
    const reader = await issue(api, { scopes: ['read'] })
    const writer = await issue(api, { scopes: ['write'] })
    const nobody = await issue(api, { scopes: [] })
    const refusals = [
      ...write.map((request) => [reader, request, 'write'] as const),
      ...admin.map((request) => [writer, request, 'admin'] as const),
      [nobody, { method: 'GET', url: '/v1/systems' }, 'read'] as const,
    ]
    for (const [{ headers }, request, scope] of refusals)
      expect(await refused(api, { ...request, headers })).toMatchObject({
        status: 403,
        headers: {
          'www-authenticate': `Bearer realm="tycho", error="insufficient_scope", scope="${scope}"`,
        },
        body: { code: 'INSUFFICIENT_SCOPE' },
      })
    const original = { method: 'POST', url: '/system/start', payload: {}, headers: reader.headers } as const
    expect(await send(api, original)).toMatchObject({
      status: 403,
      body: { status: 'error', result: { code: 'INSUFFICIENT_SCOPE' } },
    })
  })

  it('read sees, and compiles without running', async () => {
    await using api = await testApi(closed)
    const { headers } = await issue(api, { scopes: ['read'] })
    const compile = { method: 'POST', url: '/v1/compile', payload: { compose: hello }, headers } as const
    expect((await send(api, compile)).status).toBe(200)
    expect((await send(api, list(headers))).status).toBe(200)
    const status = { method: 'POST', url: '/system/status', payload: {}, headers } as const
    expect((await send(api, status)).status).toBe(200)
  })

  it('write sees too, and admin does all', async () => {
    await using api = await testApi(closed)
    const writer = await issue(api, { scopes: ['write'] })
    const everything = await issue(api, { scopes: ['admin'] })
    expect((await send(api, list(writer.headers))).status).toBe(200)
    for (const request of [...write, ...admin]) {
      const { status } = await send(api, { ...request, headers: everything.headers })
      expect([401, 403]).not.toContain(status)
    }
  })

  it('of an unknown path is asked by nobody, but who calls is', async () => {
    await using api = await testApi(closed)
    const { headers } = await issue(api, { scopes: [] })
    const nothing = { method: 'POST', url: '/v1/nothing' } as const
    expect((await refused(api, { ...nothing, headers })).status).toBe(404)
    expect((await refused(api, nothing)).status).toBe(401)
  })
})

describe('a tenant', () => {
  it("neither sees nor touches another's systems and jobs", async () => {
    await using api = await testApi()
    const job = await start(api, { name: 'hers', compose: hello })
    const { headers } = await issue(api, { tenant: 'bob' })
    const webhook = await send<{ id: string }>(api, {
      method: 'POST',
      url: '/v1/webhooks',
      payload: { url: 'https://portal.example/hook' },
    })
    expect(webhook.status).toBe(201)
    const asStream = { headers: { accept: 'text/event-stream' } }
    const paths = [
      { method: 'GET', url: '/v1/systems/hers' },
      { method: 'GET', url: '/v1/systems/hers/compose' },
      { method: 'GET', url: '/v1/systems/hers/manifests' },
      { method: 'PATCH', url: '/v1/systems/hers', payload: { labels: { a: 'b' } } },
      { method: 'DELETE', url: '/v1/systems/hers' },
      { method: 'POST', url: '/v1/systems/hers/restart' },
      { method: 'POST', url: '/v1/systems/hers/suspend' },
      { method: 'POST', url: '/v1/systems/hers/resume' },
      { method: 'GET', url: '/v1/systems/hers/logs' },
      { method: 'GET', url: '/v1/systems/hers/events', ...asStream },
      { method: 'GET', url: `/v1/jobs/${job.id}/events`, ...asStream },
      { method: 'GET', url: `/v1/webhooks/${webhook.body.id}` },
      { method: 'PATCH', url: `/v1/webhooks/${webhook.body.id}`, payload: { events: ['system.started'] } },
      { method: 'DELETE', url: `/v1/webhooks/${webhook.body.id}` },
      { method: 'POST', url: `/v1/webhooks/${webhook.body.id}/ping` },
      { method: 'POST', url: `/v1/webhooks/${webhook.body.id}/rotate` },
      { method: 'GET', url: `/v1/webhooks/${webhook.body.id}/deliveries` },
      { method: 'GET', url: `/v1/jobs/${job.id}` },
      { method: 'GET', url: `/v1/jobs/${job.id}?wait=30` },
      { method: 'POST', url: `/v1/jobs/${job.id}/cancel` },
      { method: 'POST', url: `/v1/jobs/${job.id}/retry` },
    ] as const
    const statusFor = async (request: InjectOptions) =>
      (await refused(api, { ...request, headers: { ...request.headers, ...headers } })).status
    for (const request of paths)
      expect(await statusFor(request), `${request.method} ${request.url}`).toBe(404)
    for (const payload of [{ name: 'hers' }, { name: job.system.sid }])
      expect((await send(api, { method: 'POST', url: '/system/delete', payload, headers })).status).toBe(404)
    expect((await send(api, list(headers))).body).toEqual({ systems: [] })
    expect((await send(api, { method: 'GET', url: '/v1/jobs', headers })).body).toEqual({ jobs: [] })
    const hers = await send<{ job: { id: string } }>(api, { method: 'GET', url: '/v1/systems/hers' })
    expect(hers).toMatchObject({ status: 200, body: { job: { id: job.id } } })
  })

  it('in the same namespace can not take a name that is held, and is not told by whom', async () => {
    await using api = await testApi()
    await start(api, { name: 'taken', compose: hello })
    const { headers } = await issue(api, { tenant: 'bob' })
    const request = {
      method: 'POST',
      url: '/v1/systems',
      payload: { name: 'taken', compose: hello },
    } as const
    const answer = await refused(api, { ...request, headers })
    expect(answer).toMatchObject({ status: 409, body: { code: 'NAME_TAKEN' } })
    expect(JSON.stringify(answer.body)).not.toContain('alice')
  })

  it('with a namespace of its own runs its systems there, beside the same names elsewhere', async () => {
    const tenancy = toTenancy({}, { bob: { namespace: 'bobs' } }, [])
    await using api = await testApi({ tenancy })
    await start(api, { name: 'same', compose: hello })
    const { headers } = await issue(api, { tenant: 'bob' })
    const payload = { name: 'same', compose: hello }
    expect((await send(api, { method: 'POST', url: '/v1/systems', payload, headers })).status).toBe(202)
    expect((await api.store.works.system('bob', 'same'))?.namespace).toBe('bobs')
    expect((await api.store.works.system('alice', 'same'))?.namespace).toBe('default')
  })
})

describe('an address', () => {
  it('that shows too many tokens that are not good is told to wait; one that was good stays so', async () => {
    await using api = await testApi(closed)
    const { headers } = await issue(api)
    const late = await issue(api)
    await send(api, list(headers))
    let last = 0
    for (let times = 0; times < 40; times++) last = (await send(api, list(bearer('wrong')))).status
    expect(last).toBe(429)
    const answer = await refused(api, list(bearer('wrong')))
    expect(answer.body.code).toBe('TOO_MANY_FAILURES')
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    expect((await send(api, list(late.headers))).status).toBe(429)
    expect((await send(api, list(headers))).status).toBe(200)
    expect((await send(api, { ...list(late.headers), remoteAddress: '192.0.2.9' })).status).toBe(200)
  })
})

async function everythingInRedis({ redis, prefix }: TestApi): Promise<unknown[]> {
  const keys = await redis.keys(`${prefix}*`)
  return Promise.all(
    keys.map(async (key) => {
      switch (await redis.type(key)) {
        case 'hash':
          return redis.hgetall(key)
        case 'string':
          return redis.get(key)
        case 'zset':
          return redis.zrange(key, '-', '+', 'BYLEX')
        case 'set':
          return redis.smembers(key)
        case 'stream':
          return redis.xrange(key, '-', '+')
        default:
          throw new Error(`${key} is of a type that this test can't read`)
      }
    }),
  )
}

function urlOf({ redis }: TestApi): string {
  return `redis://${redis.options.host}:${redis.options.port}`
}
