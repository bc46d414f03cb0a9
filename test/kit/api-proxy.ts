/**
 * A proxy on loopback in front of an API server, for tests that count requests or need a server that misbehaves.
 * It is given to a process through a kubeconfig of its own, so it sees exactly that process' requests.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Agent, type Dispatcher, request } from 'undici'
import { type Access, readAccess } from './cluster/api.ts'

export type RecordedRequest = {
  method: string
  /** Path with query, as sent. */
  path: string
  /** Watches stay open; they are told apart because they cost one request however long they last. */
  isWatch: boolean
  /** 0 until it is answered. */
  status: number
}

/**
 * What the proxy does instead of passing a request on: answer by itself, reset the connection, or ask the API server
 * and keep its answer back for as long as the connection lasts.
 */
export type Intervention =
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  | { kind: 'reset' }
  | { kind: 'withhold' }

export type ApiProxy = {
  url: string
  /** A kubeconfig that leads through the proxy, with all rights. Removed with the proxy. */
  kubeconfig: string
  /** Every request so far, in the order of arrival; empty it with `requests.length = 0`. */
  requests: RecordedRequest[]
  /** Set it to answer or cut chosen requests; undefined passes a request on. */
  intervene?: (request: RecordedRequest) => Intervention | undefined
  /** Cuts every connection that is open now, watches too. */
  dropConnections(): void
} & AsyncDisposable

/** Starts a proxy for the cluster of a kubeconfig. */
export async function startApiProxy(target: string): Promise<ApiProxy> {
  const access = readAccess(target)
  const upstream = new Agent({ connect: access.tls, bodyTimeout: 0, headersTimeout: 0, connections: 256 })
  const token = randomUUID()
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${address && typeof address === 'object' ? address.port : 0}`
  const folder = await mkdtemp(join(tmpdir(), 'tycho-api-proxy-'))
  const kubeconfig = join(folder, 'kubeconfig')
  await writeFile(kubeconfig, toKubeconfig(url, token), { mode: 0o600 })
  const proxy: ApiProxy = {
    url,
    kubeconfig,
    requests: [],
    dropConnections: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await upstream.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // Other programs of this machine must not get all rights by this port.
    if (incoming.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end()
    const record = toRecord(incoming)
    proxy.requests.push(record)
    const intervention = proxy.intervene?.(record)
    if (!intervention) return forward(access, upstream, record, incoming, response)
    if (intervention.kind === 'withhold') return void (await ask(access, upstream, record, incoming))
    if (intervention.kind === 'reset') return void incoming.socket.resetAndDestroy()
    record.status = intervention.status
    response.writeHead(intervention.status, intervention.headers).end(intervention.body)
  }
  return proxy
}

function toRecord({ method = 'GET', url = '/' }: IncomingMessage): RecordedRequest {
  const watch = new URL(url, 'http://proxy').searchParams.get('watch')
  return { method, path: url, isWatch: watch === 'true' || watch === '1', status: 0 }
}

/** Headers that belong to one connection (RFC 9110, 7.6.1), and the credentials of the proxy's own. */
const OWN_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'host', 'authorization', 'expect']

async function forward(
  access: Access,
  dispatcher: Agent,
  record: RecordedRequest,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answer = await ask(access, dispatcher, record, incoming, gone.signal)
  response.writeHead(answer.statusCode, without(answer.headers, OWN_HEADERS))
  // A quiet watch has headers long before its first event.
  response.flushHeaders()
  await pipeline(answer.body, response)
}

/** Sends the request to the API server; its record has the status once there is an answer. */
async function ask(
  { server, token }: Access,
  dispatcher: Agent,
  record: RecordedRequest,
  incoming: IncomingMessage,
  signal?: AbortSignal,
): Promise<Dispatcher.ResponseData> {
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

function without(headers: IncomingMessage['headers'], names: readonly string[]): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

function toKubeconfig(url: string, token: string): string {
  return `apiVersion: v1
kind: Config
clusters: [{ name: proxy, cluster: { server: "${url}", insecure-skip-tls-verify: true } }]
users: [{ name: proxy, user: { token: "${token}" } }]
contexts: [{ name: proxy, context: { cluster: proxy, user: proxy, namespace: default } }]
current-context: proxy
`
}
