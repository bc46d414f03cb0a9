// Every POST of the OpenAPI document honours an Idempotency-Key, or says why it has no effect.
import { describe, expect, it } from 'vitest'
import { verbs } from '../../src/jobs/verbs.ts'
import { fail, finish, hello, send, start, type TestApi, testApi } from './kit.ts'

type Operation = { description?: string; parameters?: { name: string; in: string }[] }
type Paths = Record<string, { post?: Operation }>

/** A request that each route accepts, once what it needs is there. */
type Sample = (api: TestApi) => Promise<{ url: string; payload?: object; headers?: Record<string, string> }>

function ofRunning(verb: string): Sample {
  return async (api) => {
    const { id } = await start(api, { name: 'running', compose: hello })
    await finish(api, id)
    return { url: `/v1/systems/running/${verb}` }
  }
}

const samples: Record<string, Sample> = {
  '/v1/systems': async () => ({ url: '/v1/systems', payload: { compose: hello } }),
  '/v1/batches': async () => ({ url: '/v1/batches', payload: { compose: hello, count: 2 } }),
  '/v1/batches/prepare': async () => ({
    url: '/v1/batches/prepare',
    payload: { compose: hello, count: 2 },
  }),
  '/v1/jobs/{id}/retry': async (api) => {
    const { id } = await start(api, { name: 'failing', compose: hello })
    await fail(api, id, 'BROKEN', 'broken')
    return { url: `/v1/jobs/${id}/retry` }
  },
  ...Object.fromEntries(verbs.map((verb) => [`/v1/systems/{name}/${verb}`, ofRunning(verb)])),
  '/v1/webhooks': async () => ({ url: '/v1/webhooks', payload: { url: 'https://portal.example.org/hook' } }),
  '/v1/webhooks/secret/rotate': async () => ({ url: '/v1/webhooks/secret/rotate' }),
  '/v1/webhooks/{id}/rotate': async (api) => {
    const payload = { url: 'https://portal.example.org/hook' }
    const { body } = await send<{ id: string }>(api, { method: 'POST', url: '/v1/webhooks', payload })
    return { url: `/v1/webhooks/${body.id}/rotate` }
  },
  '/system/start': async () => ({
    url: '/system/start',
    payload: { name: 'hello', system: { services: { web: { image: 'demo/hello' } } } },
    headers: { prefer: 'respond-async' },
  }),
}

async function postRoutes(): Promise<[string, Operation][]> {
  await using api = await testApi()
  const { body } = await send<{ paths: Paths }>(api, { method: 'GET', url: '/openapi.json' })
  return Object.entries(body.paths).flatMap(([path, { post }]) => (post ? [[path, post]] : []))
}

const honours = ({ parameters }: Operation) =>
  parameters?.some((one) => one.in === 'header' && one.name === 'Idempotency-Key') ?? false

describe('POST routes', () => {
  it('honour an Idempotency-Key, or say why it has no effect', async () => {
    const routes = await postRoutes()
    expect(routes.length).toBeGreaterThan(5)
    const silent = routes.filter(
      ([, one]) => !honours(one) && !/`Idempotency-Key` has no effect: \w/.test(one.description ?? ''),
    )
    expect(silent.map(([path]) => path)).toEqual([])
  })

  it('that honour it have a sample here', async () => {
    const routes = await postRoutes()
    const honouring = routes.filter(([, one]) => honours(one)).map(([path]) => path)
    expect([...Object.keys(samples), '/v1/tokens'].toSorted()).toEqual(honouring.toSorted())
  })
})

describe.each(Object.entries(samples))('POST %s', (_path, sample) => {
  it('answers what the first request has made', async () => {
    await using api = await testApi()
    const { headers, ...request } = await sample(api)
    const keyed = { method: 'POST', ...request, headers: { ...headers, 'idempotency-key': 'k' } } as const
    const first = await send<{ id: string }>(api, keyed)
    expect(first.status).toBeGreaterThanOrEqual(200)
    expect(first.status).toBeLessThan(300)
    const [keysBefore, enqueuedBefore] = [await api.keyCount(), api.enqueued.length]
    const again = await send<{ id: string }>(api, keyed)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(again).toMatchObject({ status: first.status })
    expect(again.body.id).toBe(first.body.id)
    expect(again.headers.location).toBe(first.headers.location)
    expect([await api.keyCount(), api.enqueued.length]).toEqual([keysBefore, enqueuedBefore])
  })
})

it('POST /v1/tokens makes one token, and shows its secret with the first answer alone', async () => {
  await using api = await testApi()
  const request = {
    method: 'POST',
    url: '/v1/tokens',
    payload: { tenant: 'bob' },
    headers: { 'idempotency-key': 'k' },
  } as const
  const answers = await Promise.all([send<Token>(api, request), send<Token>(api, request)])
  const [made, refused] = answers.toSorted((one, other) => one.status - other.status)
  expect(made).toMatchObject({ status: 201, body: { token: expect.any(String) } })
  expect(refused).toMatchObject({ status: 409, body: { code: 'SECRET_SHOWN' } })
  expect(refused?.body.detail).toContain(made?.body.id)
  expect(refused?.body.detail).not.toContain(made?.body.token)
  const { body } = await send<{ tokens: unknown[] }>(api, { method: 'GET', url: '/v1/tokens' })
  expect(body.tokens).toHaveLength(1)
})

type Token = { id: string; token: string; detail: string }
