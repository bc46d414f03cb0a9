// Batches over HTTP: submitted, checked item by item, read, listed and handed out.
import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import type { AcceptedBatch, Batch, BatchItemPage, BatchPage } from '../../src/api/schemas/batch.ts'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import type { Job, JobPage } from '../../src/api/schemas/job.ts'
import { must } from '../kit/work.ts'
import { hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const template = `services:
  web:
    image: demo/hello
    command: serve --token=\${TYCHO_TOKEN}
    environment: { STUDENT: "\${STUDENT:-nobody}", NUMBER: "\${TYCHO_INDEX}" }
    ports: ["80"]
`

const post = (api: TestApi, payload: object, headers: Record<string, string> = {}) =>
  send<AcceptedBatch>(api, { method: 'POST', url: '/v1/batches', payload, headers })

async function submit(api: TestApi, payload: object): Promise<AcceptedBatch> {
  const { status, body } = await post(api, payload)
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

const get = <T>(api: TestApi, url: string, headers: Record<string, string> = {}) =>
  send<T>(api, { method: 'GET', url, headers })

const items = async (api: TestApi, id: string, query = '') =>
  (await get<BatchItemPage>(api, `/v1/batches/${id}/items${query}`)).body

const bad = (api: TestApi, payload: object) => refused(api, { method: 'POST', url: '/v1/batches', payload })

const pathsOf = ({ problems }: HttpProblem) => problems.map(({ path }) => path)

describe('POST /v1/batches', () => {
  it('answers 202 with the batch and where it is, before anything is begun', async () => {
    await using api = await testApi()
    const { status, headers, body } = await post(api, { name: 'class', compose: template, count: 300 })
    expect({ status, location: headers.location }).toEqual({
      status: 202,
      location: `/v1/batches/${body.id}`,
    })
    expect(headers['retry-after']).toBeDefined()
    expect(body).toMatchObject({
      name: 'class',
      status: 'queued',
      done: false,
      counts: { total: 300, queued: 300, running: 0, succeeded: 0, failed: 0, canceled: 0 },
      skipped: 0,
    })
    expect(api.enqueued).toEqual([])
  })

  it('names its members by their index, or as their items say', async () => {
    await using api = await testApi()
    const { id } = await submit(api, {
      name: 'class',
      compose: template,
      items: [{}, { name: 'ada' }, { clientId: 'c3' }],
    })
    const page = await items(api, id)
    expect(page.items).toMatchObject([
      { index: 0, name: 'class-0', status: 'queued', system: { name: 'class-0' }, job: { id: `${id}-0` } },
      { index: 1, name: 'ada' },
      { index: 2, name: 'class-2', clientId: 'c3', endpoints: [] },
    ])
  })

  it('refuses the whole for a bad item, and says which it is and why', async () => {
    await using api = await testApi()
    const broken = '{ services: { web: { image: "demo/hello:${VERSION}" } } }'
    const answer = await bad(api, {
      compose: broken,
      items: [
        { env: { VERSION: '1' } },
        { env: { VERSION: 'no good' } },
        { name: 'Not A Name', env: { VERSION: '1' } },
        { name: 'twice', env: { VERSION: '1' } },
        { name: 'twice', env: { VERSION: '1' } },
        { labels: { a: 'not a label!' }, env: { VERSION: '1' } },
        { env: { VERSION: '1', TYCHO_TOKEN: 'mine' } },
        { clientId: 'c', env: { VERSION: '1' } },
        { clientId: 'c', env: { VERSION: '1' } },
      ],
    })
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_ITEMS' } })
    expect(pathsOf(answer.body)).toEqual([
      'items[1]',
      'items[2].name',
      'items[4].name',
      'items[5].labels.a',
      'items[6].env.TYCHO_TOKEN',
      'items[8].clientId',
    ])
    expect(answer.body.problems[0]).toMatchObject({
      message: expect.stringContaining('services.web.image'),
      line: 1,
    })
  })

  it('leaves out a bad item where it is asked to, and lists it', async () => {
    await using api = await testApi()
    const asked = {
      name: 'class',
      compose: template,
      onInvalid: 'skip',
      items: [{}, { name: 'Bad', clientId: 'b' }, {}],
    }
    const { status, body } = await post(api, asked, { 'idempotency-key': 'k' })
    expect(status).toBe(202)
    expect(body).toMatchObject({ skipped: 1, counts: { total: 2, queued: 2 } })
    expect(body.skippedItems).toMatchObject([
      { index: 1, name: 'Bad', clientId: 'b', problems: [{ code: 'INVALID_NAME', path: 'items[1].name' }] },
    ])
    expect((await items(api, body.id)).items.map(({ index }) => index)).toEqual([0, 2])
    const again = await post(api, asked, { 'idempotency-key': 'k' })
    expect(again.body).toEqual(body)
    expect(again.headers['idempotent-replayed']).toBe('true')
  })

  it('refuses what leaves nothing to start', async () => {
    await using api = await testApi()
    const answer = await bad(api, { compose: template, onInvalid: 'skip', items: [{ name: 'Bad' }] })
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_ITEMS' } })
  })

  it('says once what is wrong with the template itself', async () => {
    await using api = await testApi()
    const answer = await bad(api, { compose: 'services: { web: { imag: demo/hello } }', count: 50 })
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_SYSTEM' } })
    expect(pathsOf(answer.body)).toContain('services.web.imag')
  })

  it('refuses an item whose name is taken, by a system or another batch', async () => {
    await using api = await testApi()
    await start(api, { name: 'class-1', compose: hello })
    await submit(api, { name: 'other', compose: template, items: [{ name: 'class-2' }] })
    const answer = await bad(api, { name: 'class', compose: template, count: 4 })
    expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID_ITEMS' } })
    expect(answer.body.problems).toMatchObject([
      { code: 'NAME_TAKEN', path: 'items[1].name' },
      { code: 'NAME_TAKEN', path: 'items[2].name' },
    ])
    const skipped = await submit(api, { name: 'class', compose: template, count: 4, onInvalid: 'skip' })
    expect(skipped).toMatchObject({ skipped: 2, counts: { total: 2 } })
  })

  it('holds the names of its members', async () => {
    await using api = await testApi()
    await submit(api, { name: 'class', compose: template, count: 2 })
    const other = hello.replace('web', 'db')
    for (const compose of [hello, other]) {
      const answer = await refused(api, {
        method: 'POST',
        url: '/v1/systems',
        payload: { name: 'class-1', compose },
      })
      expect(answer).toMatchObject({ status: 409, body: { code: 'NAME_TAKEN' } })
    }
  })

  it.each([
    ['neither count nor items', {}, 400, 'INVALID_REQUEST'],
    ['both', { count: 1, items: [{}] }, 400, 'INVALID_REQUEST'],
    ['too many', { count: 10_001 }, 400, 'INVALID_REQUEST'],
    ['none', { items: [] }, 400, 'INVALID_REQUEST'],
    ['an unknown field', { count: 1, colour: 'red' }, 400, 'INVALID_REQUEST'],
    ['an unknown field of an item', { items: [{ colour: 'red' }] }, 400, 'INVALID_REQUEST'],
    ['a variable of ours', { count: 1, env: { TYCHO_NAME: 'x' } }, 400, 'INVALID_REQUEST'],
    ['settings of a service that is not there', { count: 1, services: { db: {} } }, 422, 'INVALID_SYSTEM'],
    ['events without a callback', { count: 1, callbackEvents: ['batch.completed'] }, 400, 'INVALID_REQUEST'],
  ])('refuses %s', async (_what, more, status, code) => {
    await using api = await testApi()
    const answer = await bad(api, { compose: template, ...more })
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code })
  })

  it('refuses a body over the limit, and names it', async () => {
    await using api = await testApi({ batchLimitBytes: 2_000 })
    const many = Array.from({ length: 200 }, () => ({ env: { A: 'b' } }))
    const answer = await bad(api, { compose: template, items: many })
    expect(answer).toMatchObject({ status: 413, body: { detail: expect.stringContaining('2000') } })
  })

  it('is one batch for two requests with the same Idempotency-Key', async () => {
    await using api = await testApi()
    const asked = { name: 'class', compose: template, count: 3 }
    const both = await Promise.all([1, 2].map(() => post(api, asked, { 'idempotency-key': 'k' })))
    expect(both.map(({ status }) => status)).toEqual([202, 202])
    expect(new Set(both.map(({ body }) => body.id)).size).toBe(1)
    const { batches } = (await get<BatchPage>(api, '/v1/batches')).body
    expect(batches).toHaveLength(1)
  })
})

describe('a member that was not let in', () => {
  it('has a job that can be read, polled and listed', async () => {
    await using api = await testApi()
    const { id } = await submit(api, { name: 'class', compose: template, count: 3 })
    const { status, headers, body } = await get<Job>(api, `/v1/jobs/${id}-1`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: `${id}-1`,
      status: 'queued',
      batch: { id, index: 1, href: `/v1/batches/${id}` },
      system: { name: 'class-1' },
    })
    const known = { 'if-none-match': `${headers.etag}` }
    expect((await get(api, `/v1/jobs/${id}-1`, known)).status).toBe(304)
    expect((await get(api, `/v1/jobs/${id}-3`)).status).toBe(404)
    const { jobs } = (await get<JobPage>(api, `/v1/jobs?batch=${id}`)).body
    expect(jobs.map((job) => job.id)).toEqual([`${id}-0`, `${id}-1`, `${id}-2`])
  })

  it('has no system yet, and whoever asks for that is told of its job', async () => {
    await using api = await testApi()
    const { id } = await submit(api, { name: 'class', compose: template, count: 3 })
    for (const what of ['', '/compose', '/manifests', '/logs']) {
      const answer = await get<HttpProblem>(api, `/v1/systems/class-1${what}`)
      expect(answer).toMatchObject({ status: 404, body: { code: 'SYSTEM_NOT_FOUND' } })
      expect(answer.body.detail).toContain(`waits for its turn in batch ${id}; its job is /v1/jobs/${id}-1`)
    }
    expect((await get<HttpProblem>(api, '/v1/systems/class-3')).body.detail).toBe(
      'There is no system class-3',
    )
  })

  it('is canceled by its job, or by its name, and frees that', async () => {
    await using api = await testApi()
    const { id } = await submit(api, { name: 'class', compose: template, count: 3 })
    const canceled = await send<Job>(api, { method: 'POST', url: `/v1/jobs/${id}-0/cancel` })
    expect(canceled).toMatchObject({ status: 200, body: { status: 'canceled', error: { code: 'CANCELED' } } })
    const stopped = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/class-1' })
    expect(stopped).toMatchObject({ status: 202, body: { status: 'canceled' } })
    const { body } = await get<Batch>(api, `/v1/batches/${id}`)
    expect(body.counts).toMatchObject({ total: 3, queued: 1, canceled: 2 })
    for (const name of ['class-0', 'class-1']) await start(api, { name, compose: hello })
    expect((await items(api, id, '?status=canceled')).items).toMatchObject([
      { index: 0, error: { code: 'CANCELED' } },
      { index: 1, error: { code: 'CANCELED' } },
    ])
  })
})

describe('GET /v1/batches/{id}', () => {
  it('has a weak ETag, by which it is not told again', async () => {
    await using api = await testApi()
    const { id } = await submit(api, { compose: template, count: 2 })
    const { headers, body } = await get<Batch>(api, `/v1/batches/${id}`)
    expect(headers.etag).toBe(`W/"${body.revision}"`)
    const known = { 'if-none-match': `${headers.etag}` }
    const same = await get(api, `/v1/batches/${id}`, known)
    expect(same.status).toBe(304)
    expect(same.headers['content-length']).toBeUndefined()
    await send(api, { method: 'POST', url: `/v1/jobs/${id}-0/cancel` })
    const changed = await get<Batch>(api, `/v1/batches/${id}`, known)
    expect(changed.status).toBe(200)
    expect(changed.body.revision).toBeGreaterThan(body.revision)
  })

  it('waits for the end', async () => {
    await using api = await testApi()
    const { id } = await submit(api, { compose: template, count: 2 })
    const answer = get<Batch>(api, `/v1/batches/${id}?wait=30`)
    await send(api, { method: 'POST', url: `/v1/batches/${id}/cancel` })
    expect((await answer).body).toMatchObject({ done: true, status: 'canceled', counts: { canceled: 2 } })
  })

  it("answers 404 for an unknown one and for another tenant's, in every route", async () => {
    await using api = await testApi()
    const { id } = await submit(api, { compose: template, count: 2 })
    const key = `${api.prefix}:batch:${id}`
    const record = JSON.parse(must(await api.redis.hget(key, 'record')))
    await api.redis.hset(key, 'record', JSON.stringify({ ...record, tenant: 'bob' }))
    for (const one of [id, 'nothing']) {
      const asked = [
        ['GET', ''],
        ['GET', '/items'],
        ['GET', '/events'],
        ['POST', '/cancel'],
        ['POST', '/retry'],
        ['DELETE', ''],
      ] as const
      for (const [method, path] of asked) {
        const answer = await refused(api, { method, url: `/v1/batches/${one}${path}` })
        expect(answer).toMatchObject({ status: 404, body: { code: 'BATCH_NOT_FOUND' } })
      }
    }
  })
})

describe('lists', () => {
  it('of batches go by pages, newest first, and stay while others are added', async () => {
    await using api = await testApi()
    const ids: string[] = []
    for (let n = 0; n < 3; n += 1) ids.push((await submit(api, { compose: template, count: 1 })).id)
    const first = (await get<BatchPage>(api, '/v1/batches?pageSize=2')).body
    await submit(api, { compose: template, count: 1 })
    const second = (await get<BatchPage>(api, `/v1/batches?pageSize=2&pageToken=${first.nextPageToken}`)).body
    expect([...first.batches, ...second.batches].map(({ id }) => id)).toEqual(ids.toReversed())
    expect(second.nextPageToken).toBeUndefined()
  })

  it('of items go by pages over all chunks, and find one by its client id', async () => {
    await using api = await testApi()
    const { id } = await submit(api, {
      compose: template,
      items: Array.from({ length: 450 }, (_, n) => ({ clientId: `c${n}` })),
    })
    const seen: number[] = []
    for (let token: string | undefined = ''; token !== undefined; ) {
      const query: string = token === '' ? '?pageSize=199' : `?pageSize=199&pageToken=${token}`
      const page: BatchItemPage = await items(api, id, query)
      seen.push(...page.items.map(({ index }) => index))
      token = page.nextPageToken
    }
    expect(seen).toEqual(Array.from({ length: 450 }, (_, n) => n))
    expect((await items(api, id, '?clientId=c300')).items).toMatchObject([{ index: 300, clientId: 'c300' }])
    expect((await items(api, id, '?clientId=unknown')).items).toEqual([])
    const other = await refused(api, { method: 'GET', url: `/v1/batches/${id}/items?pageToken=abc` })
    expect(other.body.code).toBe('INVALID_PAGE_TOKEN')
  })
})

describe('the list to hand out', () => {
  it('has a row for each item, and nothing that a spreadsheet would run', async () => {
    await using api = await testApi()
    const { id } = await submit(api, {
      name: 'class',
      compose: template,
      items: [{ clientId: '=cmd|/C calc!A0' }, { clientId: '-1' }],
    })
    const answer = await api.app.inject({
      method: 'GET',
      url: `/v1/batches/${id}/items`,
      headers: { accept: 'text/csv' },
    })
    expect(answer.headers['content-type']).toContain('text/csv')
    expect(answer.headers['content-disposition']).toContain('class.csv')
    const rows = parse(answer.body) as string[][]
    expect(rows).toEqual([
      ['name', 'url', 'port', 'status', 'clientId', 'error'],
      ['class-0', '', '', 'queued', "'=cmd|/C calc!A0", ''],
      ['class-1', '', '', 'queued', "'-1", ''],
    ])
  })
})

describe('POST /v1/batches/{id}/cancel', () => {
  it('ends at once what waits, and 200 says that all is done; again, it changes nothing', async () => {
    await using api = await testApi()
    const { id } = await submit(api, { name: 'class', compose: template, count: 250 })
    const first = await send<Batch>(api, { method: 'POST', url: `/v1/batches/${id}/cancel` })
    expect(first).toMatchObject({
      status: 200,
      body: { status: 'canceled', counts: { canceled: 250, queued: 0 } },
    })
    const again = await send<Batch>(api, { method: 'POST', url: `/v1/batches/${id}/cancel` })
    expect(again).toMatchObject({ status: 200, body: { revision: first.body.revision } })
    await submit(api, { name: 'class', compose: template, count: 250 })
  })
})
