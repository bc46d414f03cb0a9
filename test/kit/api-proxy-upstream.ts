/** The API server behind the proxy: passes requests on with the target's own credentials. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Agent, type Dispatcher, request } from 'undici'
import type { RecordedRequest } from './api-proxy.ts'
import type { Access } from './cluster/api.ts'

export type Upstream = {
  /** Sends the request to the API server; its record has the status once there is an answer. */
  ask(
    record: RecordedRequest,
    incoming: IncomingMessage,
    signal?: AbortSignal,
  ): Promise<Dispatcher.ResponseData>
  /** Asks and passes the answer on: whole, or its head and so many bytes of its body before a reset. */
  forward(
    record: RecordedRequest,
    incoming: IncomingMessage,
    response: ServerResponse,
    afterBytes?: number,
  ): Promise<void>
  stallWatches(): void
  cutWatches(): void
  close(): Promise<void>
}

export function createUpstream({ server, token, tls }: Access): Upstream {
  const dispatcher = new Agent({ connect: tls, bodyTimeout: 0, headersTimeout: 0, connections: 256 })
  const watches = new Set<{ isStalled: boolean; response: ServerResponse }>()

  const ask: Upstream['ask'] = async (record, incoming, signal) => {
    const headers = without(incoming.headers, OWN_HEADERS)
    const hasBody = record.method !== 'GET' && record.method !== 'HEAD'
    const answer = await request(`${server}${record.path}`, {
      dispatcher,
      method: record.method as 'GET',
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      body: hasBody ? incoming : undefined,
      ...(signal && { signal }),
    })
    record.status = answer.statusCode
    return answer
  }

  const forward: Upstream['forward'] = async (record, incoming, response, afterBytes) => {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const answer = await ask(record, incoming, gone.signal)
    response.writeHead(answer.statusCode, without(answer.headers, OWN_HEADERS))
    // A quiet watch has headers long before its first event.
    response.flushHeaders()
    if (afterBytes !== undefined) return cut(answer.body, response, afterBytes)
    if (!record.isWatch) return pipeline(answer.body, response)
    const watch = { isStalled: false, response }
    watches.add(watch)
    await pipeline(answer.body, gate(watch), response).finally(() => watches.delete(watch))
  }

  return {
    ask,
    forward,
    stallWatches() {
      for (const watch of watches) watch.isStalled = true
    },
    cutWatches() {
      for (const { response } of watches) response.socket?.resetAndDestroy()
    },
    close: () => dispatcher.destroy(),
  }
}

/** What comes while it is stalled is lost, as on a connection whose other end has silently forgotten it. */
function gate(watch: { isStalled: boolean }): Transform {
  return new Transform({
    transform: (chunk, _encoding, done) => (watch.isStalled ? done() : done(null, chunk)),
  })
}

/** Writes so many bytes, or what there is, and resets once they are on their way. */
async function cut(
  body: Dispatcher.ResponseData['body'],
  response: ServerResponse,
  bytes: number,
): Promise<void> {
  let left = bytes
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, left)
    left -= part.length
    await new Promise<void>((sent) => response.write(part, () => sent()))
    if (left === 0) break
  }
  response.socket?.resetAndDestroy()
}

/** Headers that belong to one connection (RFC 9110, 7.6.1), and the credentials of the proxy's own. */
const OWN_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'host', 'authorization', 'expect']

function without(headers: IncomingMessage['headers'], names: readonly string[]): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}
