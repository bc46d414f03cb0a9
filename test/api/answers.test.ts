// Answers are as their schemas say: what the document promises is what clients get.
import type { InjectOptions } from 'fastify'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { expect, it } from 'vitest'
import { components } from '../../src/api/schemas/components.ts'
import { fail, finish, hello, send, start, type TestApi, testApi } from './kit.ts'

async function holds(api: TestApi, schema: TSchema, request: InjectOptions): Promise<void> {
  const { body } = await send(api, request)
  expect(Value.Errors(schema, body)).toEqual([])
}

const get = (url: string): InjectOptions => ({ method: 'GET', url })
const post = (url: string, payload: object): InjectOptions => ({ method: 'POST', url, payload })

it('jobs and systems match their schemas in every state', async () => {
  await using api = await testApi()
  const queued = await start(api, { name: 'queued', compose: hello, labels: { a: 'b' } })
  const done = await start(api, { name: 'done', compose: hello })
  const failed = await start(api, { name: 'failed', compose: hello })
  await finish(api, done.id)
  await fail(api, failed.id, 'IMAGE_NOT_FOUND', 'no such image')
  for (const { id, system } of [queued, done, failed]) {
    await holds(api, components.Job, get(`/v1/jobs/${id}`))
    await holds(api, components.System, get(system.href))
  }
  await holds(api, components.JobPage, get('/v1/jobs?pageSize=2'))
  await holds(api, components.SystemPage, get('/v1/systems?pageSize=2'))
  await holds(api, components.Job, { method: 'DELETE', url: '/v1/systems/done' })
})

it('refusals and probes match their schemas', async () => {
  await using api = await testApi()
  await holds(api, components.HttpProblem, get('/v1/jobs/nothing'))
  await holds(api, components.HttpProblem, post('/v1/systems', { compose: 'services: 1' }))
  await holds(api, components.Health, get('/healthz'))
  await holds(api, components.ReadyState, get('/readyz'))
})

it("the original's answers match their schemas", async () => {
  await using api = await testApi({ legacyWaitMs: 20 })
  const system = { services: { web: { image: 'demo/hello' } } }
  await holds(api, components.StartAnswer, post('/system/start', { name: 'a', system }))
  await holds(api, components.StatusAnswer, post('/system/status', {}))
  await holds(api, components.DeleteAnswer, post('/system/delete', { name: 'a' }))
  await holds(api, components.OriginalError, post('/system/delete', { name: 'b' }))
})
