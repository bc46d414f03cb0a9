// Logs over HTTP: what is asked of the orchestrator, what a client reads, and what is refused before the first line.
import { on } from 'node:events'
import { get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { parseSince } from '../../src/api/since.ts'
import type { Job } from '../../src/jobs/job.ts'
import type { LogLine, LogOptions } from '../../src/orchestrators/orchestrator.ts'
import { TychoError, UnavailableError } from '../../src/problem.ts'
import { waitFor } from '../kit/wait.ts'
import { finish, hello, refused, send, start, type TestApi, type TestApiOptions, testApi } from './kit.ts'

const url = '/v1/systems/hello/logs'

const two = 'services:\n  web:\n    image: demo/hello\n  db:\n    image: demo/hello\n'

async function* said(...texts: string[]): AsyncGenerator<LogLine> {
  for (const text of texts) yield { service: 'web', copy: 'abcde', text }
}

type Asked = { options: LogOptions; signal: AbortSignal }

/** An API whose cluster says these lines, and notes what it was asked. */
async function speaking(texts: string[], more: TestApiOptions = {}): Promise<TestApi & { asked: Asked[] }> {
  const asked: Asked[] = []
  const api = await testApi({
    ...more,
    reading: {
      logs: async (_identity, options, signal) => {
        asked.push({ options, signal })
        return said(...texts)
      },
    },
  })
  return Object.assign(api, { asked })
}

async function running(api: TestApi, compose: string, env = {}): Promise<void> {
  await finish(api, (await start(api, { name: 'hello', compose, env })).id)
}

describe('logs', () => {
  it('are plain text of the last 100 lines of each container, when nothing else is asked', async () => {
    await using api = await speaking(['one', 'two'])
    await running(api, hello)
    const answer = await api.app.inject({ url })
    expect([answer.statusCode, answer.body]).toEqual([200, 'one\ntwo\n'])
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    })
    expect(api.asked[0]?.options).toEqual({ service: null, tail: 100, since: null, follow: null })
  })

  it('name service and copy where several can speak', async () => {
    await using api = await speaking(['one'])
    await running(api, two)
    expect((await api.app.inject({ url })).body).toBe('web/abcde | one\n')
    expect((await api.app.inject({ url: `${url}?service=web` })).body).toBe('one\n')
    expect(api.asked[1]?.options.service).toBe('web')
  })

  it('begin at a time, and then have all lines', async () => {
    await using api = await speaking([])
    await running(api, hello)
    await api.app.inject({ url: `${url}?since=2026-01-01T00:00:00Z` })
    await api.app.inject({ url: `${url}?since=2026-01-01T00:00:00Z&tail=5` })
    const since = Date.parse('2026-01-01T00:00:00Z')
    expect(api.asked.map(({ options }) => [options.since, options.tail])).toEqual([
      [since, null],
      [since, 5],
    ])
  })

  it('show nothing that the system keeps secret, also after a change of it', async () => {
    await using api = await testApi({
      reading: { logs: async () => said('it is Hunter2-old', 'or Hunter2-new') },
    })
    const compose = (secret: string) =>
      `services:\n  web:\n    image: demo/hello\n    environment: { DB_PASSWORD: ${secret} }\n`
    await running(api, compose('Hunter2-old'))
    const payload = { compose: compose('Hunter2-new') }
    await send<Job>(api, { method: 'PUT', url: '/v1/systems/hello', payload })
    expect((await api.app.inject({ url })).body).toBe('it is •••••••••••\nor •••••••••••\n')
  })

  it('cut a line that has no end', async () => {
    await using api = await speaking(['x'.repeat(60_000), 'next'])
    await running(api, hello)
    const [first, second] = (await api.app.inject({ url })).body.split('\n')
    expect([first?.length, first?.at(-1), second]).toEqual([16 * 1024 + 1, '…', 'next'])
  })
})

describe('logs are refused', () => {
  it.each([
    ['?tail=-1', 400, 'INVALID_REQUEST'],
    ['?tail=many', 400, 'INVALID_REQUEST'],
    ['?since=yesterday', 400, 'INVALID_REQUEST'],
    ['?follow=maybe', 400, 'INVALID_REQUEST'],
    ['?lines=5', 400, 'INVALID_REQUEST'],
    ['?service=cache', 404, 'SERVICE_NOT_FOUND'],
    ['', 404, 'NO_LOGS'],
  ])('%s: %i %s', async (query, status, code) => {
    await using api = await testApi()
    await running(api, two)
    const answer = await refused(api, { method: 'GET', url: `${url}${query}` })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    if (code === 'SERVICE_NOT_FOUND') expect(answer.body.detail).toContain('it has web, db')
  })

  it('of a system that is unknown, or of which nothing is left', async () => {
    await using api = await speaking(['one'])
    expect((await refused(api, { method: 'GET', url })).body.code).toBe('SYSTEM_NOT_FOUND')
    await running(api, hello)
    const { body } = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello' })
    await finish(api, body.id)
    expect((await refused(api, { method: 'GET', url })).body.code).toBe('SYSTEM_NOT_FOUND')
  })

  it.each([
    [new UnavailableError('CLUSTER_UNREACHABLE', 'nothing listens there'), 503, 'CLUSTER_UNAVAILABLE'],
    [new TychoError('CLUSTER_BUSY', 'busy', { status: 503, remedy: 'retry' }), 503, 'CLUSTER_UNAVAILABLE'],
    [new TychoError('FORBIDDEN', 'pods/log is forbidden', { status: 403 }), 403, 'LOGS_FORBIDDEN'],
  ])('as the cluster does: %s', async (error, status, code) => {
    await using api = await testApi({ reading: { logs: () => Promise.reject(error) } })
    await running(api, hello)
    for (const query of ['', '?follow=true']) {
      const answer = await refused(api, { method: 'GET', url: `${url}${query}` })
      expect([answer.status, answer.body.code]).toEqual([status, code])
      expect('retry-after' in answer.headers).toBe(status === 503)
    }
  })
})

/** A cluster that says one line, and more when the signal of its reader aborts: never by itself. */
async function* untilAborted(signal: AbortSignal): AsyncGenerator<LogLine> {
  yield* said('first')
  for await (const _ of on(new EventTarget() as never, 'never', { signal })) yield* said('never')
}

async function following() {
  const asked: Asked[] = []
  const api = await testApi({
    reading: {
      logs: async (_identity, options, signal) => {
        asked.push({ options, signal })
        return untilAborted(signal)
      },
    },
  })
  await running(api, hello)
  await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as AddressInfo
  const request = get(`http://127.0.0.1:${port}${url}?follow=true`)
  const text: string[] = []
  const closed = Promise.withResolvers<void>()
  request.on('error', () => closed.resolve())
  request.on('response', (answer) => {
    answer.setEncoding('utf8').on('data', (chunk: string) => text.push(chunk))
    answer.on('close', () => closed.resolve())
  })
  await waitFor('the first line', async () => text.includes('first\n'))
  return { api, asked, request, closed: closed.promise }
}

describe('logs that are followed', () => {
  it('end their reading when the client goes', async () => {
    const { api, asked, request } = await following()
    await using _api = api
    request.destroy()
    await waitFor('the reading to end', async () => asked[0]?.signal.aborted)
  })

  it('end when the server closes', async () => {
    const { api, closed } = await following()
    await using _api = api
    await api.app.close()
    await closed
  })

  it('look for nothing new once the system is gone', async () => {
    const { api, asked, request } = await following()
    await using _api = api
    expect(asked[0]?.options.follow?.last.aborted).toBe(false)
    const { body } = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello' })
    await finish(api, body.id)
    await waitFor('that nothing new is looked for', async () => asked[0]?.options.follow?.last.aborted)
    request.destroy()
  })
})

describe('since', () => {
  const now = Date.parse('2026-01-01T12:00:00Z')

  it.each([
    ['2026-01-01T11:00:00Z', -3_600_000],
    ['2026-01-01T11:00:00+00:00', -3_600_000],
    ['2026-01-01T11:59:59.5Z', -500],
    ['90', -90_000],
    ['10m', -600_000],
    ['1h30m', -5_400_000],
    ['0', 0],
  ])('%s is a time', (text, ms) => {
    expect(parseSince(text, now)).toBe(now + ms)
  })

  it.each(['', 'yesterday', '-5', '10 m', '2026-01-01', '2026-13-01T00:00:00Z'])('%s is none', (text) => {
    expect(parseSince(text, now)).toBeNull()
  })
})
