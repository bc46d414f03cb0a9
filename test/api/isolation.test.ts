// One tenant's things, asked for by another: as if there were none. Every operation of the OpenAPI document whose path
// names something is tried, so that a new one is covered too.
import { Readable } from 'node:stream'
import { ulid } from 'ulid'
import { expect, it } from 'vitest'
import type { Batch } from '../../src/api/schemas/batch.ts'
import { attempted, newDelivery } from '../../src/jobs/delivery.ts'
import type { Document } from '../kit/contract/document.ts'
import { apply, fail, finish, hello, issue, send, start, type TestApi, testApi } from './kit.ts'

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
type Names = Readonly<Record<string, string>>

/** A name is each tenant's own: this one makes a system of its caller. */
const makesItsOwn = new Set(['PUT /v1/systems/{name}'])

const bodies: Names = {
  'PATCH /v1/systems/{name}': '{"ttlSeconds":60}',
  'PATCH /v1/webhooks/{id}': '{"enabled":false}',
}

/** A delivery of Alice's that has ended: to an endpoint, or (null) to a callback. */
async function endedDelivery(api: TestApi, webhook: string | null): Promise<string> {
  const event = { id: `evt_${ulid()}`, type: 'system.started' as const }
  const given = { tenant: 'alice', webhook, url: 'https://example.org/hers', event, job: null, trace: null }
  const delivery = newDelivery(given, 1)
  await api.store.deliveries.add(delivery, '{}')
  const attempt = { at: 2, durationMs: 3, status: 204, error: null, answer: '' }
  await api.store.deliveries.change(delivery.id, (found) =>
    attempted(found, attempt, { pauseMs: () => null, askedMs: 0 }, 5),
  )
  return delivery.id
}

/** By the beginning of the path: what of Alice's its parameters name. */
async function makeThings(api: TestApi): Promise<Record<string, Names>> {
  const job = await start(api, { name: 'hers', compose: hello, callbackUrl: 'https://example.org/hers' })
  await finish(api, job.id)
  await apply(api, 'hers')
  const payload = { name: 'class', compose: hello, count: 2 }
  const batch = await send<Batch>(api, { method: 'POST', url: '/v1/batches', payload })
  const prepare = {
    method: 'POST' as const,
    url: '/v1/batches/prepare',
    payload: { compose: hello, count: 1 },
  }
  const preparation = await send<{ id: string }>(api, prepare)
  const url = 'https://example.org/hook'
  const hook = await send<{ id: string }>(api, { method: 'POST', url: '/v1/webhooks', payload: { url } })
  for (const made of [batch, preparation, hook]) expect(made.status).toBeLessThan(300)
  const broken = await start(api, { name: 'broken', compose: hello })
  await fail(api, broken.id, 'CRASH_LOOP', 'exits again and again')
  const token = await issue(api, { tenant: 'alice' })
  return {
    '/v1/systems/': { name: 'hers' },
    '/v1/jobs/': { id: broken.id },
    '/v1/batches/': { id: batch.body.id },
    '/v1/preparations/': { id: preparation.body.id },
    '/v1/webhooks/callbacks/': { deliveryId: await endedDelivery(api, null) },
    '/v1/webhooks/': { id: hook.body.id, deliveryId: await endedDelivery(api, hook.body.id) },
    '/v1/tokens/': { id: token.id },
  }
}

function fill(path: string, names: Names): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => {
    if (names[name] === undefined) throw new Error(`nothing was made that ${name} of ${path} could name`)
    return names[name]
  })
}

function thingOf(things: Record<string, Names>, path: string): Names {
  const [, names] = Object.entries(things).find(([beginning]) => path.startsWith(beginning)) ?? []
  if (!names) throw new Error(`nothing was made that ${path} could name`)
  return names
}

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
    const names = thingOf(things, path)
    const never = Object.fromEntries(Object.keys(names).map((name) => [name, '01m0000000neverthere0000000']))
    const [hers, none] = [await ask(api, method, path, names, bob), await ask(api, method, path, never, bob)]
    const isRefused = hers.status === 404 || (path.startsWith('/v1/tokens/') && hers.status === 403)
    if (!isRefused || hers.status !== none.status || hers.text !== none.text)
      wrong.push(`${method} ${path}: ${JSON.stringify(hers)}, but of none ${JSON.stringify(none)}`)
  }
  expect(wrong).toEqual([])
  expect(await everythingOf(api)).toEqual(before)
})

/** What its owner gets of each, in an order in which one does not spoil the next. */
const inOrder = ['GET', 'POST', 'PATCH', 'DELETE']

it('who has the thing is answered by each of them', async () => {
  const logs = async () => Readable.from([{ service: 'web', copy: 'a', text: 'hers alone' }])
  await using api = await testApi({ reading: { logs } })
  const things = await makeThings(api)
  const { headers } = await issue(api, { tenant: 'alice', scopes: ['admin'] })
  const operations = await operationsWithNames(api)
  const place = ([method]: [Method, string]) => inOrder.indexOf(method)
  const wrong: string[] = []
  for (const [method, path] of operations.toSorted((one, other) => place(one) - place(other))) {
    // Where there is nothing to follow but the head, the stream has an end.
    const isStream = path.endsWith('/events')
    const body = bodies[`${method} ${path}`]
    const answer = await api.app.inject({
      method: isStream ? 'HEAD' : method,
      url: fill(path, thingOf(things, path)),
      headers: {
        ...headers,
        ...(body && { 'content-type': 'application/json' }),
        ...(isStream && { accept: 'text/event-stream' }),
      },
      ...(body && { payload: body }),
    })
    if (answer.statusCode >= 300) wrong.push(`${method} ${path}: ${answer.statusCode} ${answer.body}`)
    // The next change need not wait for this one.
    if (path.startsWith('/v1/systems/') && answer.statusCode === 202) await finish(api, answer.json().id)
  }
  expect(wrong).toEqual([])
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
