// How many requests a minute a tenant may make.
import { describe, expect, it } from 'vitest'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { startRedis } from '../kit/redis.ts'
import { hello, issue, refused, send, testApi } from './kit.ts'

const tenancy = toTenancy({}, { bob: { limits: { requestsPerMinute: 3 } } }, [])
const get = { method: 'GET', url: '/v1/systems' } as const

describe('a tenant that may make so many requests a minute', () => {
  it('is told how many are left, then 429 with Retry-After, by all processes together', async () => {
    await using api = await testApi({ tenancy })
    const { host, port } = api.redis.options
    await using other = await testApi({
      tenancy,
      redis: { url: `redis://${host}:${port}`, prefix: api.prefix },
    })
    const { headers } = await issue(api)
    const left: unknown[] = []
    for (const one of [api, other, api]) {
      const answer = await send(one, { ...get, headers })
      expect(answer).toMatchObject({ status: 200, headers: { 'ratelimit-policy': '"tenant";q=3;w=60' } })
      left.push(answer.headers.ratelimit)
    }
    expect(left.map((text) => String(text).replace(/t=\d+$/, 't='))).toEqual(
      [2, 1, 0].map((rest) => `"tenant";r=${rest};t=`),
    )
    const post = { method: 'POST', url: '/v1/systems', payload: { compose: hello }, headers } as const
    for (const one of [api, other]) {
      const answer = await refused(one, post)
      expect(answer).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED' } })
      expect(answer.headers.ratelimit).toMatch(/^"tenant";r=0;t=\d+$/)
      const seconds = Number(answer.headers['retry-after'])
      expect(seconds).toBeGreaterThan(0)
      expect(seconds).toBeLessThanOrEqual(60)
    }
    const original = { method: 'POST', url: '/system/status', payload: {}, headers } as const
    expect(await send(api, original)).toMatchObject({
      status: 429,
      body: { result: { code: 'RATE_LIMITED' } },
    })
  })

  it('may make them again when the minute is over', async () => {
    await using api = await testApi({ tenancy })
    const { headers } = await issue(api)
    for (let times = 0; times < 4; times++) await send(api, { ...get, headers })
    const key = `${api.prefix}:requests:bob`
    expect(await api.redis.pttl(key)).toBeGreaterThan(50_000)
    await api.redis.pexpire(key, 1)
    await expect.poll(() => api.redis.exists(key)).toBe(0)
    expect((await send(api, { ...get, headers })).status).toBe(200)
  })

  it('does not count for others; who is not limited has no such headers, and costs Redis nothing', async () => {
    await using api = await testApi({ tenancy })
    const { headers } = await issue(api)
    for (let times = 0; times < 4; times++) await send(api, { ...get, headers })
    const answer = await send(api, get)
    expect(answer.status).toBe(200)
    expect(answer.headers).not.toHaveProperty('ratelimit')
    expect(await api.redis.keys(`${api.prefix}:requests:*`)).toEqual([`${api.prefix}:requests:bob`])
  })

  it('is answered 503 while Redis is away, not 500', async () => {
    await using server = await startRedis()
    await using api = await testApi({ tenancy, redis: { url: server.url, prefix: '{rates}' } })
    const { headers } = await issue(api)
    expect((await send(api, { ...get, headers })).status).toBe(200)
    await server.kill()
    for (const token of [headers, await unknownToken()])
      expect(await send(api, { ...get, headers: token })).toMatchObject({
        status: 503,
        headers: { 'retry-after': '5' },
        body: { code: 'REDIS_UNAVAILABLE' },
      })
  })
})

/** One of the right form, which nobody has looked at yet. */
async function unknownToken() {
  return { authorization: `Bearer tycho_01m1x6wz4z8xk5vq6n3d8e2r7c_${'a'.repeat(43)}` }
}
