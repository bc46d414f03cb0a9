// One small client for the API server: raw JSON on pooled connections, with timeouts and classified errors.
// It never retries (a task does), except once when the credentials were refused and can be read anew.
import type { Dispatcher } from 'undici'
import { parseJsonLines } from '../../shared/json-lines.ts'
import { type Refusal, type RequestContext, toClusterError } from './api-error.ts'
import { toConnectionError } from './connection-error.ts'
import type { Connection, Connections } from './connections.ts'
import type { KubeStatus } from './objects.ts'

export type ClusterRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  query?: Record<string, string>
  body?: unknown
  contentType?: string
  accept?: string
  /** For the sentence of an error. */
  context: RequestContext
}

/** Told of every request, also of one without an answer (`statusCode` null); for metrics and for tests that count. */
export type RequestListener = (request: {
  method: string
  /** As Kubernetes' rights name it: get, list, watch, create, patch, delete. */
  verb: string
  path: string
  statusCode: number | null
  durationMs: number
}) => void

export type Client = {
  /** The answer's JSON. Throws TychoError; an abort throws the signal's reason. */
  request<T>(request: ClusterRequest, signal: AbortSignal): Promise<T>
  /** The same for an answer that is plain text. */
  text(request: ClusterRequest, signal: AbortSignal): Promise<string>
  /** The events of a watch that the server has taken, as they come; they end when the server ends it. */
  stream(request: ClusterRequest, signal: AbortSignal): Promise<AsyncGenerator<unknown>>
  /** An answer that goes on: its bytes as they come, until the server ends it. */
  bytes(request: ClusterRequest, signal: AbortSignal): Promise<AsyncGenerator<Uint8Array>>
  /** The configured cluster: throws UnavailableError where there is none. */
  connection(): Promise<Connection>
  /** Whether the configured cluster has answered a request within so many milliseconds; a gateway's error is no answer. */
  hasAnswered(withinMs: number): Promise<boolean>
}

/** The whole time that a request may take; the pool's own timeouts only bound the silences. */
const requestTimeoutMs = 60_000

export function createClient(connections: Connections, onRequest: RequestListener = () => {}): Client {
  let lastAnswer = { generation: -1, at: 0 }
  async function send(
    request: ClusterRequest,
    signal: AbortSignal,
    kind: 'requests' | 'streams',
    mayRenew = true,
  ) {
    signal.throwIfAborted()
    const connection = await connections.current()
    const startedAt = performance.now()
    const tell = (statusCode: number | null) => {
      const { method, path } = request
      onRequest({
        method,
        verb: verbOf(request),
        path,
        statusCode,
        durationMs: performance.now() - startedAt,
      })
    }
    const answer = await dispatch(connection, request, signal, kind).catch((error: unknown) => {
      if (!signal.aborted || isTimeout(signal.reason)) tell(null)
      throw error
    })
    tell(answer.statusCode)
    if (answer.statusCode < 500) lastAnswer = { generation: connection.generation, at: performance.now() }
    if (answer.statusCode < 400) return { answer, connection }
    const refusal = await readRefusal(answer)
    if (refusal.statusCode === 401 && mayRenew) {
      connections.renew()
      return send(request, signal, kind, false)
    }
    throw toClusterError(refusal, request.context)
  }

  async function ask<T>(
    request: ClusterRequest,
    signal: AbortSignal,
    read: (body: Dispatcher.ResponseData['body']) => Promise<T>,
  ): Promise<T> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)])
    const { answer, connection } = await send(request, limit, 'requests')
    try {
      return await read(answer.body)
    } catch (error) {
      signal.throwIfAborted()
      throw toConnectionError(error, connection.server)
    }
  }

  return {
    request: <T>(request: ClusterRequest, signal: AbortSignal) =>
      ask(request, signal, async (body) => (await body.json()) as T),
    text: (request, signal) => ask(request, signal, (body) => body.text()),
    async stream(request, signal) {
      const { answer, connection } = await send(request, signal, 'streams')
      return parseJsonLines(readBytes(answer.body, connection.server, signal))
    },
    async bytes(request, signal) {
      const { answer, connection } = await send(request, signal, 'streams')
      return readBytes(answer.body, connection.server, signal)
    },
    connection: () => connections.current(),
    async hasAnswered(withinMs) {
      const { generation, at } = lastAnswer
      return (await connections.current()).generation === generation && performance.now() - at < withinMs
    },
  }
}

async function* readBytes(
  body: Dispatcher.ResponseData['body'],
  server: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    signal.throwIfAborted()
    throw toConnectionError(error, server)
  } finally {
    body.destroy()
  }
}

async function dispatch(
  connection: Connection,
  request: ClusterRequest,
  signal: AbortSignal,
  kind: 'requests' | 'streams',
): Promise<Dispatcher.ResponseData> {
  const base = new URL(connection.server)
  const prefix = base.pathname.replace(/\/$/, '')
  try {
    return await connection.dispatchers[kind].request({
      origin: base.origin,
      path: `${prefix}${request.path}${request.query ? `?${new URLSearchParams(request.query)}` : ''}`,
      method: request.method,
      headers: {
        ...connection.headers,
        accept: request.accept ?? 'application/json',
        'user-agent': 'tycho',
        ...(request.body !== undefined && { 'content-type': request.contentType ?? 'application/json' }),
      },
      ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
      signal,
    })
  } catch (error) {
    if (signal.aborted && !isTimeout(signal.reason)) throw signal.reason
    throw toConnectionError(error, connection.server)
  }
}

function verbOf({ method, path, query }: ClusterRequest): string {
  if (method === 'POST') return 'create'
  if (method !== 'GET') return method.toLowerCase()
  if (query?.watch) return 'watch'
  // `/api/v1/…` and `/apis/<group>/<version>/…`: a collection has a name fewer than its objects.
  const parts = path.split('/').filter(Boolean)
  const inGroup = parts.slice(parts[0] === 'apis' ? 3 : 2)
  const afterNamespace = inGroup[0] === 'namespaces' && inGroup.length > 2 ? inGroup.slice(2) : inGroup
  return afterNamespace.length === 1 ? 'list' : 'get'
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError'
}

async function readRefusal(answer: Dispatcher.ResponseData): Promise<Refusal> {
  const text = await answer.body.text().catch(() => '')
  const status = toStatus(text)
  const header = Number(answer.headers['retry-after'])
  const seconds = Number.isFinite(header) ? header : status.details?.retryAfterSeconds
  return { statusCode: answer.statusCode, status, retryAfterSeconds: seconds }
}

/** Proxies and a starting API server answer plain text. */
function toStatus(text: string): KubeStatus {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // no JSON: the text itself is the sentence
  }
  return text.trim() === '' ? {} : { message: text.trim() }
}
