// A worker's own port, for probes and metrics: plain HTTP, three paths, nothing that changes anything.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Metrics } from '../src/telemetry/metrics.ts'
import type { WorkerLog } from './context.ts'
import type { Readiness } from './worker.ts'

export type OperationsOptions = {
  host: string
  /** 0 takes a free one. */
  port: number
  metrics: Pick<Metrics, 'text' | 'contentType' | 'mayRead'>
  readiness: () => Readiness
  log: WorkerLog
}

type Answer = { status: number; type: string; body: string; headers?: Record<string, string> }

const json = (status: number, body: object, headers: Record<string, string> = {}): Answer => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
  headers,
})

/** Whoever sends no request in time is cut off: nobody has a reason to hold a connection here. */
const timeouts = { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000 }

const retryAfterSeconds = '5'

/** Listens until it is disposed. Rejects where the port can't be had. */
export async function openOperations(options: OperationsOptions): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(timeouts, (request, response) => {
    answer(request, options).then(
      (found) => send(response, request.method, found),
      (error: unknown) => {
        options.log.error({ err: error }, 'the operations port could not answer')
        send(response, request.method, json(500, { status: 'failed' }))
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  const url = `http://${host}:${port}`
  options.log.info({ operations: url }, 'probes and metrics are answered')
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  { method, url, headers }: IncomingMessage,
  { metrics, readiness }: OperationsOptions,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return json(405, { status: 'refused' }, { allow: 'GET, HEAD' })
  switch (url?.split('?', 1)[0]) {
    case '/healthz':
      return json(200, { status: 'ok' })
    case '/readyz': {
      const state = readiness()
      if (state.status === 'ready') return json(200, state)
      return json(503, state, { 'retry-after': retryAfterSeconds })
    }
    case '/metrics':
      if (!metrics.mayRead(headers.authorization))
        return json(401, { status: 'refused' }, { 'www-authenticate': 'Bearer' })
      return { status: 200, type: metrics.contentType, body: await metrics.text() }
    default:
      return json(404, { status: 'not found' })
  }
}

function send(response: ServerResponse, method: string | undefined, { status, type, body, headers }: Answer) {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(method === 'HEAD' ? undefined : body)
}
