// Images that are pulled beforehand, over HTTP: what is accepted, what is refused, and how it is followed.
import { describe, expect, it } from 'vitest'
import type { Preparation } from '../../src/api/schemas/preparation.ts'
import { begun, ended, type PreparationRecord, seen } from '../../src/jobs/preparation.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { NodeImages } from '../../src/system/image-pull.ts'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import { must } from '../kit/work.ts'
import {
  type Answer,
  hello,
  issue,
  refused,
  send,
  type TestApi,
  type TestApiOptions,
  testApi,
} from './kit.ts'

async function open(options: TestApiOptions = {}) {
  const queued: string[] = []
  const api = await testApi({ tasks: { prepareImages: async (id) => void queued.push(id) }, ...options })
  return Object.assign(api, { queued })
}

function prepare(
  api: TestApi,
  payload: object,
  headers: Record<string, string> = {},
): Promise<Answer<Preparation>> {
  return send(api, { method: 'POST', url: '/v1/batches/prepare', payload, headers })
}

const show = (api: TestApi, id: string, query = '', headers: Record<string, string> = {}) =>
  send<Preparation>(api, { method: 'GET', url: `/v1/preparations/${id}${query}`, headers })

const recordOf = async (api: TestApi, id: string) => must(await api.store.preparations.get(id))

const change = (api: TestApi, id: string, decide: (found: PreparationRecord) => PreparationRecord | null) =>
  api.store.preparations.change(id, decide)

/** As a worker would. */
async function tell(api: TestApi, id: string, nodes: NodeImages[], isSettled: boolean): Promise<void> {
  await change(api, id, (found) => begun(found, Date.now()))
  await change(api, id, (found) => seen(found, { nodes, isSettled, trouble: null }))
  if (isSettled) await change(api, id, (found) => ended(found, Date.now()))
}

const present = (image = 'demo/hello'): NodeImages => ({ node: 'n1', images: [{ image, state: 'present' }] })

describe('a preparation', () => {
  it('is accepted with the images of all members, each once, and makes no system', async () => {
    await using api = await open()
    const { status, headers, body } = await prepare(api, {
      compose: 'services: { web: { image: "demo/${KIND}" }, db: { image: demo/db } }',
      items: [{ env: { KIND: 'b' } }, { env: { KIND: 'a' } }, { env: { KIND: 'a' } }],
    })
    expect(status).toBe(202)
    expect(headers).toMatchObject({ location: `/v1/preparations/${body.id}`, 'retry-after': '1' })
    expect(body).toMatchObject({
      href: `/v1/preparations/${body.id}`,
      tenant: 'alice',
      status: 'queued',
      done: false,
      images: ['demo/a', 'demo/b', 'demo/db'],
      nodes: [],
      counts: { nodes: 0, present: 0, pulling: 0, failed: 0, unknown: 0 },
      progress: { percent: 0, message: 'Waiting for a worker' },
    })
    expect(api.queued).toEqual([body.id])
    const { body: list } = await send<{ systems: unknown[] }>(api, { method: 'GET', url: '/v1/systems' })
    expect(list.systems).toEqual([])
  })

  it('tells each node, and ends with what could not be had', async () => {
    await using api = await open()
    const { id } = (await prepare(api, { compose: hello, count: 2 })).body
    await tell(
      api,
      id,
      [present(), { node: 'n2', images: [{ image: 'demo/hello', state: 'pulling' }] }],
      false,
    )
    expect((await show(api, id)).body).toMatchObject({
      status: 'running',
      counts: { nodes: 2, present: 1, pulling: 1 },
      progress: { percent: 50, message: '1 of 2 images are on 2 nodes' },
    })
    const reason = {
      code: 'IMAGE_PULL_FAILED',
      message: "The image demo/hello can't be pulled: manifest unknown",
    }
    await tell(
      api,
      id,
      [present(), { node: 'n2', images: [{ image: 'demo/hello', state: 'failed', reason }] }],
      true,
    )
    const { headers, body } = await show(api, id)
    expect(headers['retry-after']).toBeUndefined()
    expect(body).toMatchObject({
      status: 'failed',
      done: true,
      nodes: [present(), { node: 'n2', images: [{ state: 'failed', reason }] }],
      error: { code: 'IMAGES_NOT_PREPARED', message: expect.stringContaining('manifest unknown') },
      finishedAt: expect.any(String),
    })
  })

  it('is polled by its tag, and waited for', async () => {
    await using api = await open()
    const { body, headers } = await prepare(api, { compose: hello, count: 1 })
    const etag = String(headers.etag)
    expect((await show(api, body.id, '', { 'if-none-match': etag })).status).toBe(304)
    const changed = show(api, body.id, '?wait=30', { 'if-none-match': etag })
    await tell(api, body.id, [present()], false)
    expect((await changed).status).toBe(200)
    const over = show(api, body.id, '?wait=30')
    await tell(api, body.id, [present()], true)
    expect((await over).body).toMatchObject({ status: 'succeeded', done: true, progress: { percent: 100 } })
  })

  it('that has not begun is canceled at once, and again changes nothing', async () => {
    await using api = await open()
    const { id } = (await prepare(api, { compose: hello, count: 1 })).body
    const cancel = () => send<Preparation>(api, { method: 'POST', url: `/v1/preparations/${id}/cancel` })
    const first = await cancel()
    expect([first.status, first.body.status, first.body.error?.code]).toEqual([200, 'canceled', 'CANCELED'])
    expect((await cancel()).body).toEqual(first.body)
  })

  it('that pulls is canceled by a worker, which is told', async () => {
    await using api = await open()
    const { id } = (await prepare(api, { compose: hello, count: 1 })).body
    await tell(api, id, [{ node: 'n1', images: [{ image: 'demo/hello', state: 'pulling' }] }], false)
    const { status, body, headers } = await send<Preparation>(api, {
      method: 'POST',
      url: `/v1/preparations/${id}/cancel`,
    })
    expect([status, body.status, headers.location]).toEqual([202, 'running', `/v1/preparations/${id}`])
    expect(body.progress.message).toBe('0 of 1 images are on 1 node; removing what pulled them')
    expect(api.queued).toEqual([id, id])
    await change(api, id, (found) => ended(found, Date.now()))
    expect((await show(api, id)).body).toMatchObject({ status: 'canceled', done: true })
  })

  it('of the same key is the same, and is kept as long as a job', async () => {
    await using api = await open()
    const again = () => prepare(api, { compose: hello, count: 1 }, { 'idempotency-key': 'once' })
    const [first, second] = [await again(), await again()]
    expect(second.body.id).toBe(first.body.id)
    expect(second.headers['idempotent-replayed']).toBe('true')
    expect(api.queued).toEqual([first.body.id])
    await tell(api, first.body.id, [present()], true)
    const keys = await api.redis.keys(`${api.prefix}:preparation:*`)
    expect(keys).toHaveLength(1)
    expect(await api.redis.pttl(keys[0] ?? '')).toBeGreaterThan(3_000_000)
    expect((await again()).body).toMatchObject({ id: first.body.id, done: true })
  })

  it('is accepted while the queue is away: the sweeper gives it its task', async () => {
    const prepareImages = () => Promise.reject(new Error('no queue'))
    await using api = await open({ tasks: { prepareImages } })
    const { status, body } = await prepare(api, { compose: hello, count: 1 })
    expect(status).toBe(202)
    expect(await api.store.preparations.openBefore(Date.now() + 1, 10)).toEqual([body.id])
  })

  it("has the time that the request gives it, else the server's", async () => {
    await using api = await open()
    const own = (await prepare(api, { compose: hello, count: 1, timeoutSeconds: 90 })).body
    const usual = (await prepare(api, { compose: hello, count: 1 })).body
    expect((await recordOf(api, own.id)).timeoutMs).toBe(90_000)
    expect((await recordOf(api, usual.id)).timeoutMs).toBe(600_000)
  })
})

describe('nothing is prepared', () => {
  it('that could not be launched: the file, an item, an image that the operator does not allow', async () => {
    const policy = { ...DEFAULT_POLICY, images: ['demo/*'] }
    await using api = await open({ compile: (input, facts) => compile({ ...input, policy }, facts as never) })
    const url = '/v1/batches/prepare'
    const bad = async (payload: object) => (await refused(api, { method: 'POST', url, payload })).body
    expect(await bad({ compose: 'services: { web: {} }', count: 1 })).toMatchObject({
      code: 'INVALID_SYSTEM',
    })
    expect(await bad({ compose: hello })).toMatchObject({ code: 'INVALID_REQUEST' })
    expect(await bad({ compose: 'services: { web: { image: other/a } }', count: 2 })).toMatchObject({
      code: 'INVALID_SYSTEM',
      problems: [{ code: 'IMAGE_NOT_ALLOWED' }],
    })
    const compose = 'services: { web: { image: "${IMAGE}" } }'
    const items = [{ env: { IMAGE: 'demo/a' } }, { env: { IMAGE: 'other/b' } }]
    expect(await bad({ compose, items })).toMatchObject({
      code: 'INVALID_ITEMS',
      problems: [{ code: 'IMAGE_NOT_ALLOWED', path: 'items[1]' }],
    })
  })

  it('of more images than fifty', async () => {
    await using api = await open()
    const compose = 'services: { web: { image: "demo/${TYCHO_INDEX}" } }'
    const answer = await refused(api, {
      method: 'POST',
      url: '/v1/batches/prepare',
      payload: { compose, count: 51 },
    })
    expect([answer.status, answer.body.code]).toEqual([422, 'TOO_MANY_IMAGES'])
    expect((await prepare(api, { compose, count: 50 })).body.images).toHaveLength(50)
  })

  it('while four are under way; of another tenant it may be', async () => {
    await using api = await open()
    const all = []
    for (let each = 0; each < 4; each += 1) all.push((await prepare(api, { compose: hello, count: 1 })).body)
    const request = {
      method: 'POST' as const,
      url: '/v1/batches/prepare',
      payload: { compose: hello, count: 1 },
    }
    const { status, headers, body } = await refused(api, request)
    expect([status, body.code, headers['retry-after']]).toEqual([429, 'TOO_MANY_PREPARATIONS', '10'])
    const bob = await issue(api)
    expect((await send(api, { ...request, headers: bob.headers })).status).toBe(202)
    await send(api, { method: 'POST', url: `/v1/preparations/${all[0]?.id}/cancel` })
    expect((await send(api, request)).status).toBe(202)
  })
})

it('a preparation is nobody else’s to see or to cancel', async () => {
  await using api = await open()
  const { id } = (await prepare(api, { compose: hello, count: 1 })).body
  const { headers } = await issue(api)
  for (const request of [
    { method: 'GET' as const, url: `/v1/preparations/${id}` },
    { method: 'POST' as const, url: `/v1/preparations/${id}/cancel` },
  ]) {
    const answer = await send<{ code: string }>(api, { ...request, headers })
    expect([answer.status, answer.body.code]).toEqual([404, 'PREPARATION_NOT_FOUND'])
  }
  expect((await show(api, id)).body.status).toBe('queued')
})

it('a secret in the name of an image is shown nowhere', async () => {
  await using api = await open()
  const secret = 'Hunter2Hunter2'
  const compose = 'services: { web: { image: "demo/hello:${API_TOKEN}" } }'
  const { body } = await prepare(api, { compose, count: 1, env: { API_TOKEN: secret } })
  const image = `demo/hello:${secret}`
  const reason = { code: 'IMAGE_PULL_FAILED', message: `The image ${image} can't be pulled` }
  await tell(api, body.id, [{ node: 'n1', images: [{ image, state: 'failed', reason }] }], true)
  const after = (await show(api, body.id)).body
  expect(after.images).toEqual(['demo/hello:••••••••••••••'])
  expect(JSON.stringify([body, after, api.lines])).not.toContain(secret)
})

it('the audit says who has a preparation made and who cancels it', async () => {
  await using api = await open()
  const { id } = (await prepare(api, { compose: hello, count: 1 })).body
  await send(api, { method: 'POST', url: `/v1/preparations/${id}/cancel` })
  const told = api.lines.filter(({ audit }) => audit)
  expect(told).toMatchObject([
    { action: 'batch.prepare', on: { preparation: id }, outcome: 'accepted', tenant: 'alice' },
    { action: 'preparation.cancel', on: { preparation: id }, outcome: 'accepted' },
  ])
})
