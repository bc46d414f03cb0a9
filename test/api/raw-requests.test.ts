// Requests that no HTTP library would send: over raw sockets, beside a client that is none the worse for it.
import { describe, expect, it } from 'vitest'
import { hello, start, type TestApi, testApi } from './kit.ts'
import { exchange, refusalIn } from './raw-socket.ts'

const host = 'Host: localhost\r\n'
const json = 'Content-Type: application/json\r\n'
const close = 'Connection: close\r\n'
const post = `POST /v1/systems HTTP/1.1\r\n${host}${json}`
const body = JSON.stringify({ name: 'a', compose: hello })

async function listening(api: TestApi): Promise<string> {
  return api.app.listen({ host: '127.0.0.1', port: 0 })
}

/** Sends it, and sees that nothing was accepted and that others are still answered. */
async function refusedRaw(
  parts: readonly (string | Buffer)[],
): Promise<{ status: number; code?: string | undefined }> {
  await using api = await testApi({ receiving: { headersMs: 200, requestMs: 400 } })
  const url = await listening(api)
  const text = await exchange(url, parts)
  expect(api.enqueued).toEqual([])
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  return refusalIn(text)
}

const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

describe('a request that is none', () => {
  it.each<[string, (string | Buffer)[], number, string]>([
    ['is no HTTP', ['hello\r\n\r\n'], 400, 'MALFORMED_REQUEST'],
    ['is TLS', [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])], 400, 'MALFORMED_REQUEST'],
    ['has a length that is no number', [`${post}Content-Length: 1x\r\n\r\n`], 400, 'MALFORMED_REQUEST'],
    [
      'has two lengths',
      [`${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx`],
      400,
      'MALFORMED_REQUEST',
    ],
    [
      'has a length and chunks',
      [`${post}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
      400,
      'MALFORMED_REQUEST',
    ],
    ['has a negative length', [`${post}Content-Length: -1\r\n\r\n`], 400, 'MALFORMED_REQUEST'],
    ['has broken headers', [`${post}No colon here\r\n\r\n`], 400, 'MALFORMED_REQUEST'],
    ['has a NUL in a header', [`${post}X-A: a\u0000b\r\n\r\n`], 400, 'MALFORMED_REQUEST'],
    ['has headers without end', [`${post}X-A: ${'a'.repeat(20_000)}\r\n\r\n`], 431, 'HEADERS_TOO_LARGE'],
    ['has a URL without end', [`GET /${'a'.repeat(20_000)}`], 414, 'URL_TOO_LONG'],
    ['sends its headers slowly', [post], 408, 'REQUEST_TIMEOUT'],
    ['sends nothing of its body', [`${post}Content-Length: 10\r\n\r\n`], 408, 'REQUEST_TIMEOUT'],
    ['stops within its body', [`${post}Content-Length: 1000\r\n\r\n${body}`], 408, 'REQUEST_TIMEOUT'],
    ['stops within a chunk', [`${post}Transfer-Encoding: chunked\r\n\r\nff\r\n{`], 408, 'REQUEST_TIMEOUT'],
  ])('that %s: is refused, and the connection closed', async (_what, parts, status, code) => {
    expect(await refusedRaw(parts)).toEqual({ status, code })
  })

  it('that has chunks of a wrong length enqueues nothing', async () => {
    const { status } = await refusedRaw([`${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`])
    expect(status).toBe(400)
  })
})

describe('a request that can be read', () => {
  it.each<[string, (string | Buffer)[], number, string]>([
    [
      'packed',
      [`${post}${close}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`],
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'longer than the route takes',
      [`${post}${close}Content-Length: 99999999\r\n\r\n`],
      413,
      'BODY_TOO_LARGE',
    ],
    [
      'of another charset',
      [
        `POST /v1/systems HTTP/1.1\r\n${host}${close}Content-Type: text/yaml\r\nContent-Length: 2\r\n\r\n`,
        Buffer.from([0xff, 0xfe]),
      ],
      400,
      'MALFORMED_BODY',
    ],
    [
      'of another version that lacks a body',
      [`POST /v1/systems HTTP/1.0\r\n${host}${json}\r\n`],
      400,
      'MALFORMED_BODY',
    ],
    [
      'of many parameters',
      [`GET /v1/jobs?${'a=1&'.repeat(3_000)} HTTP/1.1\r\n${host}${close}\r\n`],
      400,
      'INVALID_REQUEST',
    ],
  ])('and is %s: is refused', async (_what, parts, status, code) => {
    expect(await refusedRaw(parts)).toEqual({ status, code })
  })

  it('in chunks, one after the other on one connection, is answered in order', async () => {
    await using api = await testApi()
    const url = await listening(api)
    const first = `${post}Transfer-Encoding: chunked\r\n\r\n${chunk(body.slice(0, 5))}${chunk(body.slice(5))}0\r\n\r\n`
    const second = `GET /healthz HTTP/1.1\r\n${host}\r\n`
    const third = `GET /v1/systems/none HTTP/1.1\r\n${host}${close}\r\n`
    const text = await exchange(url, [first, second, third])
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['202', '200', '404'])
    expect(api.enqueued).toHaveLength(1)
  })

  it('and waits or follows is not cut by the limits for what is received', async () => {
    await using api = await testApi({ receiving: { headersMs: 100, requestMs: 200 }, heartbeatMs: 50 })
    const { id } = await start(api, { name: 'a', compose: hello })
    const url = await listening(api)
    const waited = await fetch(`${url}/v1/jobs/${id}?wait=1`)
    expect(waited.status).toBe(200)
    const stream = await fetch(`${url}/v1/jobs/${id}/events`)
    const until = Date.now() + 1_000
    let heard = 0
    for await (const _ of stream.body ?? []) if (++heard > 1 && Date.now() > until) break
    expect(heard).toBeGreaterThan(5)
  })
})
