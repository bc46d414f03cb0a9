// P6 under concurrency and failure: whatever happens between two requests with the same key, they have the same job.
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { redisCorner, startRedis } from '../kit/redis.ts'
import { startRedisProxy } from '../kit/redis-proxy.ts'
import { type Answer, hello, send, type TestApi, testApi } from './kit.ts'

type Request = { key: string; name: string | null; image: string }

function post(api: TestApi, { key, name, image }: Request): Promise<Answer<Job & { code?: string }>> {
  const compose = hello.replace('demo/hello', image)
  const payload = { compose, ...(name && { name }) }
  return send(api, { method: 'POST', url: '/v1/systems', payload, headers: { 'idempotency-key': key } })
}

const requests = fc.array(
  fc.record({
    key: fc.constantFrom('one', 'two', 'three'),
    name: fc.constantFrom('a', 'b', null),
    image: fc.constantFrom('x', 'y'),
  }),
  { minLength: 2, maxLength: 12 },
)

it('gives each key one job, whatever is sent at once to two servers', async () => {
  await fc.assert(
    fc.asyncProperty(requests, requests, async (atOnce, afterwards) => {
      await using corner = redisCorner()
      await using one = await testApi({ redis: corner })
      await using other = await testApi({ redis: corner })
      const sent = await Promise.all(atOnce.map((request, at) => post(at % 2 ? one : other, request)))
      const later: typeof sent = []
      for (const request of afterwards) later.push(await post(one, request))
      const all = [...atOnce, ...afterwards].map((request, at) => ({
        request,
        answer: [...sent, ...later][at],
      }))
      for (const key of ['one', 'two', 'three']) {
        const accepted = all.filter(({ request, answer }) => request.key === key && answer?.status === 202)
        expect(new Set(accepted.map(({ answer }) => answer?.body.id)).size).toBeLessThanOrEqual(1)
        expect(new Set(accepted.map(({ request }) => JSON.stringify(request))).size).toBeLessThanOrEqual(1)
        const replayed = accepted.filter(({ answer }) => answer?.headers['idempotent-replayed'] === 'true')
        expect(replayed).toHaveLength(Math.max(0, accepted.length - 1))
      }
      const ids = all.flatMap(({ answer }) => (answer?.status === 202 ? [answer.body.id] : []))
      const stored = await corner.redis.zrange(`${corner.prefix}:jobs:alice`, '0', '-1')
      expect(stored.toSorted()).toEqual([...new Set(ids)].toSorted())
      const refusals = all.flatMap(({ answer }) => (answer?.status === 202 ? [] : [answer?.body.code]))
      expect(['NAME_TAKEN', 'IDEMPOTENCY_KEY_REUSED']).toEqual(expect.arrayContaining([...new Set(refusals)]))
    }),
    { numRuns: 40 },
  )
}, 60_000)

describe.each(['before', 'after'] as const)('a connection that breaks %s the write', (when) => {
  it('leaves one job to whoever sends the request again', async () => {
    await using server = await startRedis()
    await using proxy = await startRedisProxy(server.port)
    await using broken = await testApi({ redis: { url: proxy.url, prefix: '{broken}' } })
    await using other = await testApi({ redis: { url: server.url, prefix: '{broken}' } })
    // Redis knows the script from here on, so that what breaks is its run.
    await post(broken, { key: 'zero', name: 'other', image: 'x' })
    const request = { key: 'one', name: 'hello', image: 'x' }
    proxy.intervene = (command) =>
      /^eval/i.test(command[0] ?? '') ? { when, act: () => proxy.cutConnections() } : undefined
    expect(await post(broken, request)).toMatchObject({ status: 503, body: { code: 'REDIS_UNAVAILABLE' } })
    const again = await post(other, request)
    expect(again).toMatchObject({ status: 202, body: { system: { name: 'hello' } } })
    expect(again.headers['idempotent-replayed']).toBe(when === 'after' ? 'true' : undefined)
    expect(await post(other, request)).toMatchObject({ status: 202, body: { id: again.body.id } })
    expect(await other.redis.zcard('{broken}:jobs:alice')).toBe(2)
  })
})
