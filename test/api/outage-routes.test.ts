// Redis away, asked of every route that the OpenAPI document has.
import { expect, it } from 'vitest'
import { startRedis } from '../kit/redis.ts'
import { hello, send, testApi } from './kit.ts'

type Document = { paths: Record<string, Record<string, unknown>> }

/** What is answered without Redis; the doctor says that it is away, and finds no stray in a cluster without any. */
const without = new Set([
  'GET /healthz',
  'GET /readyz',
  'GET /metrics',
  'POST /v1/compile',
  'GET /v1/doctor',
  'POST /v1/doctor/remove',
])

const bodies: Record<string, object> = {
  'POST /v1/systems': { compose: hello },
  'PUT /v1/systems/{name}': { compose: hello },
  'PATCH /v1/systems/{name}': { ttlSeconds: 60 },
  'POST /v1/batches': { compose: hello, count: 2 },
  'POST /v1/batches/prepare': { compose: hello, count: 2 },
  'POST /v1/batches/plan': { compose: hello, count: 2 },
  'POST /v1/doctor/remove': { objects: ['11111111-1111-1111-1111-111111111111'] },
  'POST /v1/tokens': { tenant: 'bob' },
  'POST /v1/webhooks': { url: 'https://example.org/hook' },
  'PATCH /v1/webhooks/{id}': { enabled: false },
  'POST /system/start': { name: 'hello', containers: [{ name: 'web', image: 'demo/hello' }] },
  'POST /system/status': {},
  'POST /system/delete': { name: 'hello' },
}

it('every route that needs it answers 503 with Retry-After, and none with a defect', async () => {
  await using redis = await startRedis()
  await using api = await testApi({ redis: { url: redis.url, prefix: '{outage}' } })
  const { paths } = (await send<Document>(api, { method: 'GET', url: '/openapi.json' })).body
  await redis.kill()
  const wrong: string[] = []
  for (const [path, operations] of Object.entries(paths)) {
    for (const method of Object.keys(operations).map((one) => one.toUpperCase())) {
      const route = `${method} ${path}`
      const payload = bodies[route]
      const answer = await api.app.inject({
        method: method as 'GET',
        url: path.replaceAll(/\{\w+\}/g, 'a1m1x6wz4z8xk5vq6n3d8e2r7c'),
        ...(path.endsWith('/events') && { headers: { accept: 'text/event-stream' } }),
        ...(payload && { payload }),
      })
      const isRefused = answer.statusCode === 503 && Number(answer.headers['retry-after']) > 0
      if (!isRefused && !without.has(route)) wrong.push(`${route}: ${answer.statusCode} ${answer.body}`)
      if (answer.statusCode === 500) wrong.push(`${route}: ${answer.body}`)
    }
  }
  expect(wrong).toEqual([])
})
