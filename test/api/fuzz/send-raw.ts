// One request over a real socket, written as it is wished, and its answer.
import { Agent, type IncomingMessage, request } from 'node:http'
import type { Answer } from '../../kit/contract/contract.ts'
import type { Wish } from './wishes.ts'

/** Null: nothing came in the time in which a wait or a stream may be silent. */
export type Outcome = Answer | null

/** How long an answer is waited for that may be held back on purpose. */
const patienceMs = 100
/** Beyond it a request that must be answered at once was not. */
const deadlineMs = 20_000

export type Client = Disposable & { send(wish: Wish, url: string): Promise<Outcome> }

export function createClient(base: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  return {
    send: (wish, url) => sendOne(agent, base, wish, url),
    [Symbol.dispose]: () => agent.destroy(),
  }
}

function sendOne(agent: Agent, base: string, wish: Wish, url: string): Promise<Outcome> {
  const { hostname, port } = new URL(base)
  const { method, body } = wish
  const headers = headersOf(wish)
  const timeout = mayBeSilent(wish, url) ? patienceMs : deadlineMs
  return new Promise((resolve, reject) => {
    const sent = request({ agent, hostname, port, method, path: url, headers })
    const timer = setTimeout(() => {
      sent.destroy()
      if (timeout === patienceMs) resolve(null)
      else reject(new Error(`${method} ${url} was not answered in ${deadlineMs / 1000} s`))
    }, timeout)
    sent.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    sent.once('response', (response) => {
      read(response).then((text) => {
        clearTimeout(timer)
        if (text === null) sent.destroy()
        resolve({
          method,
          url,
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text ?? '',
        })
      }, reject)
    })
    sent.end(body ?? undefined)
  })
}

/** Null for a stream, which has no end. */
function read(response: IncomingMessage): Promise<string | null> {
  if (response.headers['content-type']?.startsWith('text/event-stream')) return Promise.resolve(null)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.once('end', () => resolve(Buffer.concat(chunks).toString()))
    response.once('error', reject)
  })
}

function headersOf({ headers, body, chunked }: Wish): Record<string, string> {
  const length: Record<string, string> = {}
  if (body !== null && chunked) length['transfer-encoding'] = 'chunked'
  else if (body !== null) length['content-length'] = `${body.length}`
  return { ...Object.fromEntries(headers.map(([name, value]) => [name, latin1(value)])), ...length }
}

/** Node writes nothing else into a header. */
function latin1(value: string): string {
  return value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}

function mayBeSilent({ headers, template }: Wish, url: string): boolean {
  return (
    /[?&]wait=|follow=/.test(url) ||
    /^\/system\//.test(template) ||
    headers.some(([name]) => name.toLowerCase() === 'prefer')
  )
}
