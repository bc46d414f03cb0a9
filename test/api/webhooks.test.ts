// Webhooks over HTTP: registering, changing, secrets, deliveries; and whose they are.
import { describe, expect, it } from 'vitest'
import type {
  Delivery,
  DeliveryPage,
  NewWebhook,
  Webhook,
  WebhookPage,
  WebhookSecret,
} from '../../src/api/schemas/webhook.ts'
import { attempted, newDelivery } from '../../src/jobs/delivery.ts'
import type { DeliveryRef } from '../../src/tasks/queues.ts'
import { must } from '../kit/work.ts'
import { refused, send, type TestApi, type TestApiOptions, testApi } from './kit.ts'

const url = 'https://portal.example.org/hook'

/** An API that notes which deliveries are put in the queue. */
async function openApi(options: TestApiOptions = {}) {
  const delivered: DeliveryRef[] = []
  const api = await testApi({ tasks: { deliver: async (refs) => void delivered.push(...refs) }, ...options })
  return { ...api, delivered }
}

async function register(api: TestApi, more: object = {}): Promise<NewWebhook> {
  const answer = await send<NewWebhook>(api, {
    method: 'POST',
    url: '/v1/webhooks',
    payload: { url, ...more },
  })
  expect(answer.status).toBe(201)
  expect(answer.headers.location).toBe(`/v1/webhooks/${answer.body.id}`)
  return answer.body
}

const get = <T>(api: TestApi, path: string) => send<T>(api, { method: 'GET', url: path })
const post = <T>(api: TestApi, path: string, headers: Record<string, string> = {}) =>
  send<T>(api, { method: 'POST', url: path, headers })
const patch = (api: TestApi, id: string, payload: object) =>
  send<Webhook>(api, { method: 'PATCH', url: `/v1/webhooks/${id}`, payload })

/** Deliveries to an endpoint (null: to callbacks) that have ended. */
async function ended(api: TestApi, webhook: string | null, count: number, status = 500): Promise<string[]> {
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const event = { id: `evt_${String(i).padStart(26, '0')}`, type: 'system.failed' as const }
    const fresh = newDelivery({ tenant: 'alice', webhook, url, event, job: `job-${i % 2}`, trace: null }, 1)
    await api.store.deliveries.add(fresh, '{}')
    const attempt = { at: 2, durationMs: 3, status, error: null, answer: 'so' }
    await api.store.deliveries.change(fresh.id, (one) =>
      attempted(one, attempt, { pauseMs: () => null, askedMs: 0 }, 5),
    )
    ids.push(fresh.id)
  }
  return ids
}

describe('an endpoint', () => {
  it('is registered with a secret that no other route shows', async () => {
    await using api = await openApi()
    const made = await register(api, {
      events: ['system.failed', 'system.failed'],
      description: 'the portal',
    })
    expect(made).toMatchObject({ url, events: ['system.failed'], description: 'the portal', enabled: true })
    expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const { secret: _secret, ...shown } = made
    expect((await get(api, `/v1/webhooks/${made.id}`)).body).toEqual(shown)
    expect((await get<WebhookPage>(api, '/v1/webhooks')).body).toEqual({ webhooks: [shown] })
    expect((await patch(api, made.id, { description: 'x' })).body).not.toHaveProperty('secret')
    expect(JSON.stringify(api.lines)).not.toContain(made.secret)
  })

  it('is changed, enabled again and deleted', async () => {
    await using api = await openApi()
    const { id } = await register(api, { events: ['system.failed'] })
    const disabled = { code: 'GONE' as const, message: 'gone', at: 1 }
    await api.store.webhooks.change('alice', id, (found) => ({
      ...found,
      isEnabled: false,
      disabled,
      failingSince: 1,
    }))
    expect((await get<Webhook>(api, `/v1/webhooks/${id}`)).body).toMatchObject({
      enabled: false,
      disabled: { code: 'GONE', at: '1970-01-01T00:00:00.001Z' },
    })
    const { body } = await patch(api, id, { enabled: true, events: null, url: `${url}/2` })
    expect(body).toMatchObject({ enabled: true, url: `${url}/2` })
    for (const gone of ['disabled', 'failingSince', 'events']) expect(body).not.toHaveProperty(gone)
    expect((await send(api, { method: 'DELETE', url: `/v1/webhooks/${id}` })).status).toBe(204)
    for (const method of ['GET', 'DELETE'] as const) {
      expect((await refused(api, { method, url: `/v1/webhooks/${id}` })).body.code).toBe('WEBHOOK_NOT_FOUND')
    }
  })

  it('made twice with one Idempotency-Key is one, and its secret the same', async () => {
    await using api = await openApi()
    const ask = () =>
      send<NewWebhook>(api, {
        method: 'POST',
        url: '/v1/webhooks',
        headers: { 'idempotency-key': 'one' },
        payload: { url },
      })
    const [first, second] = [await ask(), await ask()]
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotent-replayed']).toBe('true')
    expect((await get<WebhookPage>(api, '/v1/webhooks')).body.webhooks).toHaveLength(1)
  })

  it('beyond the limit is refused, also of many at once', async () => {
    await using api = await openApi()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send(api, { method: 'POST', url: '/v1/webhooks', payload: { url } })),
    )
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(3)
    for (let more = true; more; )
      more = (await send(api, { method: 'POST', url: '/v1/webhooks', payload: { url } })).status === 201
    expect((await get<WebhookPage>(api, '/v1/webhooks')).body.webhooks).toHaveLength(3)
    const { status, body } = await refused(api, { method: 'POST', url: '/v1/webhooks', payload: { url } })
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'TOO_MANY_WEBHOOKS' })
  })

  it.each([
    [{ url: 'http://169.254.169.254/' }, 422, 'CALLBACK_NOT_ALLOWED'],
    [{ url: 'http://017700000001/' }, 422, 'CALLBACK_NOT_ALLOWED'],
    [{ url: 'nowhere' }, 400, 'INVALID_REQUEST'],
    [{}, 400, 'INVALID_REQUEST'],
    [{ url, events: ['system.exploded'] }, 400, 'INVALID_REQUEST'],
    [{ url, events: [] }, 400, 'INVALID_REQUEST'],
    [{ url, secret: 'whsec_mine' }, 400, 'INVALID_REQUEST'],
  ])('as %j is refused: %i %s', async (payload, status, code) => {
    await using api = await openApi()
    const answer = await refused(api, { method: 'POST', url: '/v1/webhooks', payload })
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
  })

  it('that exists is not moved to where no webhook may go', async () => {
    await using api = await openApi()
    const { id } = await register(api)
    const to = (target: string) => ({
      method: 'PATCH' as const,
      url: `/v1/webhooks/${id}`,
      payload: { url: target },
    })
    expect((await refused(api, to('http://[::1]/'))).body.code).toBe('CALLBACK_NOT_ALLOWED')
    expect((await get<Webhook>(api, `/v1/webhooks/${id}`)).body.url).toBe(url)
  })
})

describe('a secret', () => {
  it('of an endpoint is rotated: the old one signs too for a while; the same key makes one', async () => {
    await using api = await openApi()
    const { id, secret } = await register(api)
    const rotate = () => post<WebhookSecret>(api, `/v1/webhooks/${id}/rotate`, { 'idempotency-key': 'r' })
    const { body } = await rotate()
    expect(body.secret).not.toBe(secret)
    expect(Date.parse(must(body.previousValidUntil)) - Date.now()).toBeGreaterThan(50_000)
    expect((await rotate()).body).toEqual(body)
    expect(must(await api.store.webhooks.get('alice', id)).secrets).toMatchObject({
      current: body.secret,
      previous: { secret },
    })
  })

  it('of the tenant is made once, shown when asked for, and rotated', async () => {
    await using api = await openApi()
    const ask = async () => (await get<WebhookSecret>(api, '/v1/webhooks/secret')).body
    const [one, two] = await Promise.all([ask(), ask()])
    expect(one).toEqual(two)
    const rotated = (await post<WebhookSecret>(api, '/v1/webhooks/secret/rotate')).body
    expect(rotated.secret).not.toBe(one.secret)
    expect(await ask()).toEqual(rotated)
    expect(JSON.stringify(api.lines)).not.toContain('whsec_')
  })
})

describe('the deliveries', () => {
  it('to an endpoint are listed by pages, newest first, and by status', async () => {
    await using api = await openApi()
    const { id } = await register(api)
    const ids = await ended(api, id, 5)
    const path = `/v1/webhooks/${id}/deliveries`
    const first = (await get<DeliveryPage>(api, `${path}?pageSize=3`)).body
    expect(first.deliveries.map((one) => one.id)).toEqual(ids.toReversed().slice(0, 3))
    expect(first.deliveries[0]).toMatchObject({
      webhook: id,
      status: 'failed',
      attempts: [{ at: '1970-01-01T00:00:00.002Z', durationMs: 3, status: 500, answer: 'so' }],
    })
    const rest = (await get<DeliveryPage>(api, `${path}?pageSize=3&pageToken=${first.nextPageToken}`)).body
    expect(rest.deliveries.map((one) => one.id)).toEqual(ids.toReversed().slice(3))
    expect(rest).not.toHaveProperty('nextPageToken')
    expect((await get<DeliveryPage>(api, `${path}?status=succeeded`)).body.deliveries).toEqual([])
  })

  it('to callbacks are listed too, and by job', async () => {
    await using api = await openApi()
    const ids = await ended(api, null, 4)
    const { body } = await get<DeliveryPage>(api, '/v1/webhooks/callbacks/deliveries?job=job-1')
    expect(body.deliveries.map((one) => one.id)).toEqual([ids[3], ids[1]])
  })

  it('are begun again on request, while they are not on their way', async () => {
    await using api = await openApi()
    const { id } = await register(api)
    const [of = '', callback = ''] = [...(await ended(api, id, 1)), ...(await ended(api, null, 1))]
    const path = `/v1/webhooks/${id}/deliveries/${of}/redeliver`
    const { status, body } = await post<Delivery>(api, path)
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { id: of, status: 'pending', attempts: [{}] },
    })
    expect((await refused(api, { method: 'POST', url: path })).body.code).toBe('DELIVERY_PENDING')
    const again = await post<Delivery>(api, `/v1/webhooks/callbacks/deliveries/${callback}/redeliver`)
    expect(again.status).toBe(202)
    expect(api.delivered).toMatchObject([
      { id: of, round: 2 },
      { id: callback, round: 2 },
    ])
    const elsewhere = { method: 'POST' as const, url: `/v1/webhooks/${id}/deliveries/${callback}/redeliver` }
    expect((await refused(api, elsewhere)).body.code).toBe('DELIVERY_NOT_FOUND')
  })

  it('to an endpoint that is disabled are not begun again', async () => {
    await using api = await openApi()
    const { id } = await register(api, { enabled: false })
    const [of = ''] = await ended(api, id, 1)
    const answer = await refused(api, {
      method: 'POST',
      url: `/v1/webhooks/${id}/deliveries/${of}/redeliver`,
    })
    expect(answer.body.code).toBe('WEBHOOK_DISABLED')
  })

  it('have a ping, which is sent once, also to an endpoint that is disabled', async () => {
    await using api = await openApi()
    const { id } = await register(api, { enabled: false })
    const { status, body } = await post<Delivery>(api, `/v1/webhooks/${id}/ping`)
    expect({ status, body }).toMatchObject({
      status: 202,
      body: { event: { type: 'webhook.ping' }, status: 'pending' },
    })
    expect(api.delivered).toMatchObject([{ id: body.id, round: 1 }])
    expect(JSON.parse(must(await api.store.deliveries.body(body.id)))).toMatchObject({
      type: 'webhook.ping',
      data: { tenant: 'alice', webhook: { id } },
    })
  })
})

it('what is of another tenant is not to be seen or touched', async () => {
  await using api = await openApi()
  const { id } = await register(api)
  const [of = ''] = await ended(api, null, 1)
  const { secret } = (await get<WebhookSecret>(api, '/v1/webhooks/secret')).body
  await using others = await openApi({
    redis: { url: urlOf(api), prefix: api.prefix },
    anonymousTenant: 'bob',
  })
  const paths = [
    ['GET', `/v1/webhooks/${id}`],
    ['PATCH', `/v1/webhooks/${id}`],
    ['DELETE', `/v1/webhooks/${id}`],
    ['POST', `/v1/webhooks/${id}/ping`],
    ['POST', `/v1/webhooks/${id}/rotate`],
    ['GET', `/v1/webhooks/${id}/deliveries`],
    ['POST', `/v1/webhooks/callbacks/deliveries/${of}/redeliver`],
  ] as const
  for (const [method, path] of paths) {
    const payload = method === 'PATCH' ? { payload: { enabled: false } } : {}
    expect((await refused(others, { method, url: path, ...payload })).status).toBe(404)
  }
  expect((await get<WebhookPage>(others, '/v1/webhooks')).body.webhooks).toEqual([])
  expect((await get<DeliveryPage>(others, '/v1/webhooks/callbacks/deliveries')).body.deliveries).toEqual([])
  expect((await get<WebhookSecret>(others, '/v1/webhooks/secret')).body.secret).not.toBe(secret)
})

function urlOf({ redis }: TestApi): string {
  return `redis://127.0.0.1:${redis.options.port}`
}
