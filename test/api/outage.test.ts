// Redis away: 503, one line in the log, and back to work by itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import type { Job } from '../../src/jobs/job.ts'
import { startRedis } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'
import { hello, send, start, testApi } from './kit.ts'

const prefix = '{outage}'

it('answers 503 while Redis is away, and serves again when it is back', async () => {
  await using stack = new AsyncDisposableStack()
  const dir = mkdtempSync(join(tmpdir(), 'tycho-outage-'))
  stack.defer(() => rmSync(dir, { recursive: true, force: true }))
  const first = stack.use(await startRedis({ dir }))
  const api = stack.use(await testApi({ redis: { url: first.url, prefix } }))
  const job = await start(api, { name: 'hello', compose: hello })
  await first.kill()

  const requests = [
    { method: 'POST', url: '/v1/systems', payload: { compose: hello } },
    { method: 'GET', url: '/v1/systems' },
    { method: 'GET', url: `/v1/jobs/${job.id}` },
    { method: 'DELETE', url: '/v1/systems/hello' },
  ] as const
  for (const request of requests) {
    const answer = await send<HttpProblem>(api, request)
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { code: 'REDIS_UNAVAILABLE' },
    })
    expect(answer.headers['content-type']).toContain('application/problem+json')
  }
  expect(await send(api, { method: 'POST', url: '/system/status', payload: {} })).toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
    body: { status: 'error', result: { code: 'REDIS_UNAVAILABLE' } },
  })
  expect(await send(api, { method: 'GET', url: '/readyz' })).toMatchObject({
    status: 503,
    headers: { 'retry-after': '5' },
    body: { redis: 'unreachable' },
  })
  expect(await send(api, { method: 'GET', url: '/healthz' })).toMatchObject({ status: 200 })
  expect(api.lines.filter((line) => String(line.msg).includes('Redis is away'))).toHaveLength(1)
  expect(api.enqueued).toHaveLength(1)

  stack.use(await startRedis({ dir, port: first.port }))
  const back = await waitFor('the API to serve again', async () => {
    const answer = await send<Job>(api, { method: 'GET', url: `/v1/jobs/${job.id}` })
    return answer.status === 200 ? answer : undefined
  })
  expect(back.body.id).toBe(job.id)
  expect(await start(api, { name: 'again', compose: hello })).toMatchObject({ status: 'queued' })
})

it('answers an accepted request with 202 although Redis goes while it waits', async () => {
  await using server = await startRedis()
  await using api = await testApi({
    redis: { url: server.url, prefix },
    tasks: { enqueue: async () => server.kill() },
  })
  const answer = await send<Job>(api, {
    method: 'POST',
    url: '/v1/systems?wait=30',
    payload: { compose: hello },
  })
  expect(answer).toMatchObject({ status: 202, body: { status: 'queued' } })
})
