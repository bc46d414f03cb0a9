// Streams of events over real HTTP: what is the same for all of them.
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { toFrame } from '../../src/api/event-stream.ts'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import { acceptsEventStream } from '../../src/api/wants-event-stream.ts'
import type { LogLine } from '../../src/orchestrators/orchestrator.ts'
import { startRedis } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'
import { finish, hello, type Issued, issue, start, type TestApi, testApi } from './kit.ts'
import { openRaw } from './stream-client.ts'

const listen = (api: TestApi) => api.app.listen({ host: '127.0.0.1', port: 0 })

/** Writes a job anew, with a message of so many characters. */
const say = (api: TestApi, id: string, message: string) =>
  api.store.works.change(id, (work) => ({ ...work, job: { ...work.job, message } }))

/** A log that goes on, with one line so far. */
async function* saysLittle(signal: AbortSignal): AsyncGenerator<LogLine> {
  yield { service: 'web', copy: 'a', text: 'hello' }
  await once(signal, 'abort')
}

describe('a stream of events', () => {
  it('keeps the headers of every answer, is not stored, and says when to come back', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    using stream = await openRaw(`${await listen(api)}/v1/jobs/${id}/events`, {
      headers: { 'x-request-id': 'mine' },
    })
    expect(stream.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': 'mine',
      'x-content-type-options': 'nosniff',
    })
    await waitFor('the first lines', () => stream.text().includes('event: job'))
    expect(stream.text()).toMatch(/^retry: 2000\n\nid: \d+\nevent: job\ndata: \{/)
  })

  it('is kept alive by comments', async () => {
    await using api = await testApi({ heartbeatMs: 10 })
    const { id } = await start(api, { compose: hello })
    using stream = await openRaw(`${await listen(api)}/v1/jobs/${id}/events`)
    await waitFor('three comments', () => stream.text().split('\n:\n').length > 3)
    expect(stream.text().match(/event: /g)).toHaveLength(1)
  })

  it('tells a client that reads slowly the newest state, and keeps no others for it', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    using stream = await openRaw(`${await listen(api)}/v1/jobs/${id}/events`)
    // More than the buffers of both kernels hold.
    for (let i = 0; i < 60; i++) await say(api, id, `${i}`.padEnd(500_000))
    await say(api, id, 'the newest')
    await waitFor('the newest', () => stream.text().includes('"the newest"'))
    expect(stream.text().match(/event: job/g)?.length).toBeLessThan(40)
  })

  it('gives up a client that reads nothing for long', async () => {
    await using api = await testApi({ heartbeatMs: 20 })
    const { id } = await start(api, { compose: hello })
    using _stream = await openRaw(`${await listen(api)}/v1/jobs/${id}/events`)
    for (let i = 0; i < 60; i++) await say(api, id, `${i}`.padEnd(500_000))
    await waitFor('nobody to follow', () => api.waiting() === 0)
  })

  it('ends in order when the server closes', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    using stream = await openRaw(`${await listen(api)}/v1/jobs/${id}/events`)
    await waitFor('the first lines', () => stream.text().includes('event: job'))
    await api.app.close()
    await waitFor('the end', () => stream.isEnded())
    expect(stream.text()).not.toContain('event: done')
  })

  it('ends in order when its token is revoked, and lets others go on', async () => {
    const logs = async (_identity: unknown, _options: unknown, signal: AbortSignal) => saysLittle(signal)
    await using api = await testApi({ heartbeatMs: 20, reading: { logs } })
    await start(api, { name: 'hello', compose: hello })
    const url = await listen(api)
    const [revoked, good] = [await issue(api, { tenant: 'alice' }), await issue(api, { tenant: 'alice' })]
    const paths = ['/v1/systems/hello/events', '/v1/events', '/v1/systems/hello/logs?follow=true']
    const open = async ({ headers }: Issued) =>
      Promise.all(paths.map((path) => openRaw(`${url}${path}`, { headers })))
    const [ending, staying] = [await open(revoked), await open(good)]
    for (const stream of [...ending, ...staying]) stream.text()
    await api.store.tokens.revoke(revoked.id)
    await waitFor('the end of all', () => ending.every((stream) => stream.isEnded()))
    expect(staying.map((stream) => stream.isEnded())).toEqual([false, false, false])
    for (const stream of [...ending, ...staying]) stream[Symbol.dispose]()
  })

  it('ends when its token expires', async () => {
    await using api = await testApi({ heartbeatMs: 20 })
    const { headers } = await issue(api, { tenant: 'alice', expiresAt: Date.now() + 500 })
    using stream = await openRaw(`${await listen(api)}/v1/events`, { headers })
    await waitFor('the end', () => stream.text() !== '' && stream.isEnded())
    expect(stream.response.statusCode).toBe(200)
  })

  it('goes on while nobody can say whether its token is good', async () => {
    await using server = await startRedis()
    await using api = await testApi({ redis: { url: server.url, prefix: '{away}' }, heartbeatMs: 20 })
    const { headers } = await issue(api, { tenant: 'alice' })
    using stream = await openRaw(`${await listen(api)}/v1/events`, { headers })
    await waitFor('the first lines', () => stream.text().includes('event: ready'))
    await server.kill()
    const isUnknown = () => api.lines.some(({ msg }) => msg === 'could not ask whether a stream may go on')
    await waitFor('a question without an answer', isUnknown)
    expect(stream.isEnded()).toBe(false)
  }, 20_000)

  it('does not keep the server from closing when its client reads nothing', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    using _stream = await openRaw(`${await listen(api)}/v1/jobs/${id}/events`)
    for (let i = 0; i < 60; i++) await say(api, id, `${i}`.padEnd(500_000))
    await api.app.close()
    await waitFor('nobody to follow', () => api.waiting() === 0)
  })

  it('forgets a client that goes', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const stream = await openRaw(`${await listen(api)}/v1/jobs/${id}/events`)
    await waitFor('the stream to listen', () => api.waiting() === 1)
    stream[Symbol.dispose]()
    await waitFor('nobody to follow', () => api.waiting() === 0)
    expect(api.lines.filter(({ level }) => Number(level) >= 40)).toEqual([])
  })

  it('is refused as any other request is, before its first byte', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const url = await listen(api)
    const unknown = await fetch(`${url}/v1/jobs/nothing/events`)
    expect(unknown.status).toBe(404)
    expect(unknown.headers.get('content-type')).toContain('application/problem+json')
    const other = await fetch(`${url}/v1/jobs/${id}/events`, { headers: { accept: 'application/json' } })
    expect(other.status).toBe(406)
    expect(((await other.json()) as HttpProblem).code).toBe('NOT_ACCEPTABLE')
    expect((await fetch(`${url}/v1/jobs/${id}/events?since=1`)).status).toBe(400)
    expect(api.waiting()).toBe(0)
  })

  it('answers HEAD with its headers alone', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    const answer = await fetch(`${await listen(api)}/v1/jobs/${id}/events`, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/event-stream',
      '',
    ])
    expect(api.waiting()).toBe(0)
  })

  it('ends at once for a job that is done', async () => {
    await using api = await testApi()
    const { id } = await start(api, { compose: hello })
    await finish(api, id)
    const text = await (await fetch(`${await listen(api)}/v1/jobs/${id}/events`)).text()
    expect(text.match(/event: \w+/g)).toEqual(['event: job', 'event: done'])
  })
})

it('writes each line of the data as a field', () => {
  expect(toFrame({ id: '1', event: 'log', data: 'a\r\nb\n' })).toBe(
    'id: 1\nevent: log\ndata: a\ndata: b\ndata: \n\n',
  )
  expect(toFrame({ id: null, event: 'log', data: 'a' })).toBe('event: log\ndata: a\n\n')
})

it.each([
  [undefined, true],
  ['*/*', true],
  ['text/event-stream', true],
  ['text/html, Text/*;q=0.1', true],
  ['application/json', false],
  ['text/event-stream;q=0, application/json', false],
])('Accept: %s takes events: %s', (accept, takes) => {
  expect(acceptsEventStream({ headers: { accept } })).toBe(takes)
})
