// One tenant's things, asked for by another: as if there were none. Every operation of the OpenAPI document whose path
// names something is tried, so that a new one is covered too.
import { expect, it } from 'vitest'
import type { Batch } from '../../src/api/schemas/batch.ts'
import type { Document } from '../kit/contract/document.ts'
import { apply, finish, hello, issue, send, start, type TestApi, testApi } from './kit.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Names = Readonly<Record<string, string>>

/** A name is each tenant's own: this one makes a system of its caller. */
const makesItsOwn = new Set(['PUT /v1/systems/{name}'])

const bodies: Names = {
  'PATCH /v1/systems/{name}': '{"ttlSeconds":60}',
  'PATCH /v1/webhooks/{id}': '{"enabled":false}',
}

/** By the beginning of the path: what of Alice's its parameters name. */
async function makeThings(api: TestApi): Promise<Record<string, Names>> {
  const job = await start(api, { name: 'hers', compose: hello, callbackUrl: 'https://example.org/hers' })
  await finish(api, job.id)
  await apply(api, 'hers')
  const payload = { name: 'class', compose: hello, count: 2 }
  const batch = await send<Batch>(api, { method: 'POST', url: '/v1/batches', payload })
  const url = 'https://example.org/hook'
  const hook = await send<{ id: string }>(api, { method: 'POST', url: '/v1/webhooks', payload: { url } })
  const ping = { method: 'POST', url: `/v1/webhooks/${hook.body.id}/ping` } as const
  const delivery = await send<{ id: string }>(api, ping)
  for (const made of [batch, hook, delivery]) expect(made.status).toBeLessThan(300)
  const token = await issue(api)
  return {
    '/v1/systems/': { name: 'hers' },
    '/v1/jobs/': { id: `${batch.body.id}-0` },
    '/v1/batches/': { id: batch.body.id },
    '/v1/webhooks/callbacks/': { deliveryId: delivery.body.id },
    '/v1/webhooks/': { id: hook.body.id, deliveryId: delivery.body.id },
    '/v1/tokens/': { id: token.id },
  }
}

const fill = (path: string, names: Names) => path.replaceAll(/\{(\w+)\}/g, (_, name) => names[name] ?? name)

/** What an answer tells besides the names that were asked with. */
async function ask(api: TestApi, method: Method, path: string, names: Names, authorization: string) {
  const url = fill(path, names)
  const body = bodies[`${method} ${path}`]
  const answer = await api.app.inject({
    method,
    url,
    headers: {
      authorization,
      ...(body && { 'content-type': 'application/json' }),
      ...(path.endsWith('/events') && { accept: 'text/event-stream' }),
    },
    ...(body && { payload: body }),
  })
  const { requestId: _id, ...told } = JSON.parse(answer.body)
  // The longest first: one may be a part of another.
  const asked = Object.values(names).toSorted((one, other) => other.length - one.length)
  const text = asked.reduce((all, name) => all.replaceAll(name, '…'), JSON.stringify(told))
  return { status: answer.statusCode, text }
}

/** Everything that Alice can see of what she has. */
async function everythingOf(api: TestApi): Promise<unknown[]> {
  const lists = ['systems', 'jobs', 'batches', 'webhooks', 'webhooks/callbacks/deliveries']
  return Promise.all(lists.map(async (list) => (await send(api, { method: 'GET', url: `/v1/${list}` })).body))
}

async function operationsWithNames(api: TestApi): Promise<[Method, string][]> {
  const { paths } = (await send<Document>(api, { method: 'GET', url: '/openapi.json' })).body
  return Object.entries(paths)
    .filter(([path]) => path.includes('{'))
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((method): [Method, string] => [method.toUpperCase() as Method, path]),
    )
    .filter(([method, path]) => !makesItsOwn.has(`${method} ${path}`))
}

it('another tenant is answered as if there were no such thing, and changes nothing', async () => {
  await using api = await testApi()
  const things = await makeThings(api)
  const bob = (await issue(api, { tenant: 'bob' })).headers.authorization
  const before = await everythingOf(api)
  const wrong: string[] = []
  for (const [method, path] of await operationsWithNames(api)) {
    const [, names] = Object.entries(things).find(([start]) => path.startsWith(start)) ?? []
    if (!names) throw new Error(`nothing was made that ${method} ${path} could name`)
    const never = Object.fromEntries(Object.keys(names).map((name) => [name, '01m0000000neverthere0000000']))
    const [hers, none] = [await ask(api, method, path, names, bob), await ask(api, method, path, never, bob)]
    const isRefused = hers.status === 404 || (path.startsWith('/v1/tokens/') && hers.status === 403)
    if (!isRefused || hers.status !== none.status || hers.text !== none.text)
      wrong.push(`${method} ${path}: ${JSON.stringify(hers)}, but of none ${JSON.stringify(none)}`)
  }
  expect(wrong).toEqual([])
  expect(await everythingOf(api)).toEqual(before)
})

it("another tenant's lists are its own, whatever they are filtered by", async () => {
  await using api = await testApi()
  const things = await makeThings(api)
  const { headers } = await issue(api, { tenant: 'bob' })
  const batch = things['/v1/batches/']?.id
  const lists: Record<string, string> = {
    '/v1/systems': 'systems',
    [`/v1/systems?batch=${batch}`]: 'systems',
    '/v1/jobs': 'jobs',
    [`/v1/jobs?batch=${batch}`]: 'jobs',
    '/v1/jobs?system=hers': 'jobs',
    '/v1/batches': 'batches',
    '/v1/webhooks': 'webhooks',
    '/v1/webhooks/callbacks/deliveries': 'deliveries',
  }
  for (const [url, field] of Object.entries(lists)) {
    const answer = await send<Record<string, unknown>>(api, { method: 'GET', url, headers })
    expect(answer, url).toMatchObject({ status: 200, body: { [field]: [] } })
  }
})

it('a page token of one tenant is none of another', async () => {
  await using api = await testApi()
  await makeThings(api)
  await start(api, { name: 'second', compose: hello })
  await send(api, { method: 'POST', url: '/v1/batches', payload: { compose: hello, count: 1 } })
  const { headers } = await issue(api, { tenant: 'bob' })
  for (const list of ['systems', 'jobs', 'batches']) {
    const url = `/v1/${list}?pageSize=1`
    const { body } = await send<{ nextPageToken: string }>(api, { method: 'GET', url })
    expect(body.nextPageToken, list).toBeTruthy()
    const others = await send(api, { method: 'GET', url: `${url}&pageToken=${body.nextPageToken}`, headers })
    expect(others, list).toMatchObject({ status: 400, body: { code: 'INVALID_PAGE_TOKEN' } })
  }
})
