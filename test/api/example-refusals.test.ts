// The refusals that the OpenAPI document shows as examples: each operation is made to refuse so, and answers that code.
import { beforeAll, describe, expect, it } from 'vitest'
import { requestExample } from '../../src/api/document/examples/requests.ts'
import { newDelivery } from '../../src/jobs/delivery.ts'
import { verbs } from '../../src/jobs/verbs.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import type { Document, Operation } from '../kit/contract/document.ts'
import { startRedis } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'
import { fail, finish, hello, issue, send, start, type TestApi, testApi } from './kit.ts'

type Row = { name: string; method: string; path: string; operation: Operation }
type Request = { url?: string; headers?: Record<string, string>; payload?: object | string }
type Told = { code?: string; instance?: string; problems?: { code: string; severity?: string }[] }
type Refusal = Told & { result?: Told }

let rows: Row[]

beforeAll(async () => {
  await using api = await testApi()
  const { paths } = JSON.parse(JSON.stringify(api.app.swagger())) as Document
  rows = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([verb, operation]) => {
      const method = verb.toUpperCase()
      return { name: `${method} ${path}`, method, path, operation }
    }),
  )
})

const isTenants = ({ path }: Row) => path.startsWith('/v1/') || path.startsWith('/system/')

/** Its code, and that of the first thing that is wrong with the request. */
function codesOf(refusal: Refusal | undefined): unknown {
  const { code, problems = [] } = refusal?.result ?? refusal ?? {}
  return [code, problems.find(({ severity = 'error' }) => severity === 'error')?.code]
}

/** The codes that are shown; none where the operation is not said to answer the status. */
function shownCodes({ operation }: Row, status: number): unknown {
  const content = operation.responses[status]?.content ?? {}
  const example = (content['application/problem+json'] ?? content['application/json'])?.example as
    | Refusal
    | undefined
  return codesOf(example)
}

/** Sends a request that is good but for what `spoilt` does to it, to something that is not there. */
async function ask(
  api: TestApi,
  { name, method, path }: Row,
  spoilt: Request = {},
): Promise<[number, unknown]> {
  const payload = requestExample(name, 'application/json')
  const headers = { ...(path.endsWith('/events') && { accept: 'text/event-stream' }), ...spoilt.headers }
  const answer = await send<Refusal>(api, {
    method: method as 'GET',
    url: path.replaceAll(/\{\w+\}/g, 'a1m1x6wz4z8xk5vq6n3d8e2r7c') + (spoilt.url ?? ''),
    headers,
    ...((spoilt.payload ?? payload) !== undefined && { payload: (spoilt.payload ?? payload) as object }),
  })
  return [answer.status, codesOf(answer.body)]
}

/** Sees that all operations that show the status answer it to such a request. */
async function allAnswer(api: TestApi, status: number, spoilt: Request = {}) {
  const showing = rows.filter((row) => isTenants(row) && row.operation.responses[status])
  expect(showing.length).toBeGreaterThan(0)
  for (const row of showing) {
    expect(await ask(api, row, spoilt), row.name).toEqual([status, shownCodes(row, status)])
  }
}

describe('the examples of what every operation refuses', () => {
  it('name the path as a caller would have sent it', () => {
    const examples = rows.flatMap(({ operation }) =>
      Object.values(operation.responses).map(({ content }) => content?.['application/problem+json']?.example),
    )
    const paths = examples.flatMap((one) => (one as Told | undefined)?.instance ?? [])
    expect(paths.length).toBeGreaterThan(100)
    expect(paths.filter((path) => !/^\/[\w./-]+$/.test(path))).toEqual([])
  })

  it('for the form of a request are what it answers', async () => {
    await using api = await testApi()
    await allAnswer(api, 400, { url: '?colour=red' })
    await allAnswer(api, 406, { headers: { accept: 'application/json' } })
    const huge = { 'content-type': 'application/json', 'content-length': '999999999' }
    await allAnswer(api, 413, { headers: huge, payload: '{}' })
    await allAnswer(api, 415, { headers: { 'content-type': 'text/plain' }, payload: 'text' })
  })

  it('for something that is not there are what it answers', async () => {
    await using api = await testApi()
    await allAnswer(api, 404)
  })

  it('for a call that may not be made, or is one too many, are what it answers', async () => {
    const tenancy = toTenancy({}, { bob: { limits: { requestsPerMinute: 1 } } }, [])
    await using api = await testApi({ anonymousTenant: null, tenancy })
    await allAnswer(api, 401)
    await allAnswer(api, 403, await issue(api, { tenant: 'eve', scopes: [] }))
    const { headers } = await issue(api, { scopes: ['admin'] })
    await send(api, { method: 'GET', url: '/v1/systems', headers })
    await allAnswer(api, 429, { headers })
  })

  it('while Redis is away are what it answers', async () => {
    await using redis = await startRedis()
    await using api = await testApi({ redis: { url: redis.url, prefix: '{examples}' } })
    const { headers } = await issue(api, { scopes: ['admin'] })
    await redis.kill()
    await allAnswer(api, 503, { headers })
  })
})

/** `during`: what happens while the request waits. */
type Case = (api: TestApi) => Promise<Request & { url: string; during?: () => Promise<unknown> }>

const noImage = 'services:\n  web:\n    ports: ["80"]\n'
const oneBadItem = {
  compose: 'services:\n  notebook:\n    image: "${IMAGE:?is needed}"\n',
  items: [{ env: { IMAGE: 'demo/a' } }, {}],
}
const system = '/v1/systems/hello'
const webhook = { url: 'https://portal.example.org/hook' }
const post = (api: TestApi, url: string, payload?: object) =>
  send<{ id: string }>(api, { method: 'POST', url, ...(payload && { payload }) })

/** A system that runs, after the job of each of these requests to it. */
async function after(api: TestApi, ...asks: ('suspend' | 'DELETE')[]): Promise<string> {
  let { id } = await start(api, { name: 'hello', compose: hello })
  for (const verb of asks) {
    await finish(api, id)
    const asked =
      verb === 'DELETE' ? { method: verb, url: system } : { method: 'POST', url: `${system}/${verb}` }
    ;({ id } = (await send<{ id: string }>(api, asked as { method: 'POST'; url: string })).body)
  }
  return id
}

async function delivery(api: TestApi, endpoint: string | null): Promise<string> {
  const event = { id: `evt_${'0'.repeat(26)}`, type: 'system.failed' as const }
  const one = newDelivery(
    { tenant: 'alice', webhook: endpoint, url: webhook.url, event, job: 'job', trace: null },
    1,
  )
  await api.store.deliveries.add(one, '{}')
  return one.id
}

const whileRemoved =
  (url: string, payload?: object): Case =>
  async (api) => {
    await after(api, 'DELETE')
    return { url, ...(payload && { payload }) }
  }

/** The same key twice, with another body. */
const keyTwice =
  (url: string | ((api: TestApi) => Promise<string>), first?: object, second: object = {}): Case =>
  async (api) => {
    const target = typeof url === 'string' ? url : await url(api)
    const headers = { 'idempotency-key': 'k' }
    await send(api, { method: 'POST', url: target, headers, ...(first && { payload: first }) })
    return { url: target, headers, payload: second }
  }

/** A request to the original's endpoints that waits for a job, and how that job ends meanwhile. */
const whileWaiting =
  (verb: 'start' | 'delete', end: (api: TestApi, id: string) => Promise<unknown>): Case =>
  async (api) => {
    if (verb === 'delete') await finish(api, await after(api))
    const known = api.enqueued.length
    const start = { name: 'hello', system: { services: { web: { image: 'demo/hello' } } } }
    const during = async () => {
      const job = await waitFor('the job', () => api.enqueued[known], { intervalMs: 5 })
      await end(api, job.id)
    }
    return { url: `/system/${verb}`, payload: verb === 'start' ? start : { name: 'hello' }, during }
  }

const tooLate = (api: TestApi, id: string) => fail(api, id, 'DEADLINE_EXCEEDED', 'it was not done in time')

const newWebhook = async (api: TestApi) =>
  `/v1/webhooks/${(await post(api, '/v1/webhooks', webhook)).body.id}`

const cases: Readonly<Record<string, Case>> = {
  'POST /v1/systems 409': async (api) => {
    await after(api)
    return { url: '/v1/systems', payload: { name: 'hello', compose: hello.replace('web', 'db') } }
  },
  'POST /v1/systems 422': async () => ({ url: '/v1/systems', payload: { compose: noImage } }),
  'PUT /v1/systems/{name} 409': whileRemoved(system, { compose: hello }),
  'PUT /v1/systems/{name} 422': async () => ({ url: system, payload: { compose: noImage } }),
  'PATCH /v1/systems/{name} 422': async (api) => {
    const compose = `${hello}  side:\n    image: demo/side\n    network_mode: "service:web"\n`
    await finish(api, (await start(api, { name: 'hello', compose })).id)
    return { url: system, payload: { services: { side: { replicas: 3 } } } }
  },
  'PATCH /v1/systems/{name} 409': whileRemoved(system, { labels: { a: 'b' } }),
  'POST /v1/systems/{name}/restart 409': async (api) => {
    await finish(api, await after(api, 'suspend'))
    return { url: `${system}/restart` }
  },
  'POST /v1/systems/{name}/suspend 409': whileRemoved(`${system}/suspend`),
  'POST /v1/systems/{name}/resume 409': whileRemoved(`${system}/resume`),
  ...Object.fromEntries(
    verbs.map((verb) => [
      `POST /v1/systems/{name}/${verb} 422`,
      keyTwice(async (api) => {
        await finish(api, await after(api))
        return `${system}/${verb}`
      }),
    ]),
  ),
  'POST /v1/compile 422': async () => ({ url: '/v1/compile', payload: { compose: noImage } }),
  'POST /v1/batches 422': async () => ({ url: '/v1/batches', payload: oneBadItem }),
  'POST /v1/batches/prepare 422': async () => ({ url: '/v1/batches/prepare', payload: oneBadItem }),
  'POST /v1/batches/plan 422': async () => ({ url: '/v1/batches/plan', payload: oneBadItem }),
  'POST /v1/batches/{id}/retry 409': async (api) => {
    const { id } = (await post(api, '/v1/batches', { compose: hello, count: 1 })).body
    const job = (await api.store.works.job(`${id}-0`))?.id
    if (job) await finish(api, job)
    await send(api, { method: 'DELETE', url: `/v1/batches/${id}` })
    return { url: `/v1/batches/${id}/retry` }
  },
  'POST /v1/jobs/{id}/cancel 409': async (api) => ({ url: `/v1/jobs/${await after(api, 'DELETE')}/cancel` }),
  'POST /v1/jobs/{id}/retry 409': async (api) => ({ url: `/v1/jobs/${await after(api)}/retry` }),
  'POST /v1/jobs/{id}/retry 422': keyTwice(async (api) => {
    const id = await after(api)
    await fail(api, id, 'BROKEN', 'broken')
    return `/v1/jobs/${id}/retry`
  }),
  'POST /v1/doctor/remove 409': async () => ({
    url: '/v1/doctor/remove',
    payload: { objects: ['11111111-1111-1111-1111-111111111111'] },
  }),
  'POST /v1/tokens 409': keyTwice('/v1/tokens', { tenant: 'bob' }, { tenant: 'bob' }),
  'POST /v1/tokens 422': keyTwice('/v1/tokens', { tenant: 'bob' }, { tenant: 'eve' }),
  'POST /v1/webhooks 422': async () => ({ url: '/v1/webhooks', payload: { url: 'http://[::1]/' } }),
  'PATCH /v1/webhooks/{id} 422': async (api) => ({
    url: await newWebhook(api),
    payload: { url: 'http://[::1]/' },
  }),
  'POST /v1/webhooks/{id}/deliveries/{deliveryId}/redeliver 409': async (api) => {
    const url = await newWebhook(api)
    const id = await delivery(api, url.replace('/v1/webhooks/', ''))
    return { url: `${url}/deliveries/${id}/redeliver` }
  },
  'POST /v1/webhooks/callbacks/deliveries/{deliveryId}/redeliver 409': async (api) => ({
    url: `/v1/webhooks/callbacks/deliveries/${await delivery(api, null)}/redeliver`,
  }),
  'POST /v1/webhooks/{id}/rotate 422': keyTwice(async (api) => `${await newWebhook(api)}/rotate`),
  'POST /v1/webhooks/secret/rotate 422': keyTwice('/v1/webhooks/secret/rotate'),
  'POST /system/start 409': whileWaiting('start', (api, id) => post(api, `/v1/jobs/${id}/cancel`)),
  'POST /system/start 504': whileWaiting('start', tooLate),
  'POST /system/delete 409': whileWaiting('delete', (api) =>
    send(api, { method: 'DELETE', url: `${system}?volumes=true` }),
  ),
  'POST /system/delete 504': whileWaiting('delete', tooLate),
  'POST /system/start 422': async () => ({
    url: '/system/start',
    payload: { name: 'hello', system: { services: { web: { ports: ['80'] } } } },
  }),
}

describe('the examples of what stands in the way of a request', () => {
  it('each are provoked here', () => {
    const shown = rows.flatMap(({ name, operation }) =>
      [409, 422, 504].filter((status) => operation.responses[status]).map((status) => `${name} ${status}`),
    )
    expect(Object.keys(cases).toSorted()).toEqual(shown.toSorted())
  })

  it.each(Object.entries(cases))('are what is answered: %s', async (name, provoke) => {
    await using api = await testApi()
    const row = rows.find((one) => name.startsWith(`${one.name} `)) as Row
    const { during, ...request } = await provoke(api)
    const asked = { method: row.method as 'POST', ...request }
    const [answer] = await Promise.all([send<Refusal>(api, asked), during?.()])
    const status = Number(name.slice(-3))
    expect([answer.status, codesOf(answer.body)]).toEqual([status, shownCodes(row, status)])
  })
})
