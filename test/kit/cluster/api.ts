/** The kit's own way to the API server: plain JSON over one undici dispatcher, made from a kubeconfig. */
import { readFileSync } from 'node:fs'
import { load } from 'js-yaml'
import { Agent, type Dispatcher, request } from 'undici'

export type Access = { server: string; tls: { ca?: Buffer; cert?: Buffer; key?: Buffer }; token?: string }

type Named<T> = { name: string } & T
type Kubeconfig = {
  'current-context': string
  contexts: Named<{ context: { cluster: string; user: string } }>[]
  clusters: Named<{ cluster: Record<string, string> }>[]
  users: Named<{ user: Record<string, string> }>[]
}

/** Reads server and credentials (certificates or a token) of a kubeconfig's current context. */
export function readAccess(path: string): Access {
  const config = load(readFileSync(path, 'utf8')) as Kubeconfig
  const context = config.contexts.find(({ name }) => name === config['current-context'])?.context
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster
  const user = config.users.find(({ name }) => name === context?.user)?.user ?? {}
  if (!cluster?.server) throw new Error(`${path} names no cluster in its current context`)
  const tls = {
    ca: readData(cluster, 'certificate-authority'),
    cert: readData(user, 'client-certificate'),
    key: readData(user, 'client-key'),
  }
  return { server: cluster.server, tls, token: user.token }
}

/** A kubeconfig holds data inline or names a file. */
function readData(fields: Record<string, string>, name: string): Buffer | undefined {
  const inline = fields[`${name}-data`]
  if (inline) return Buffer.from(inline, 'base64')
  const file = fields[name]
  return file ? readFileSync(file) : undefined
}

export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A small client of the API server for what tests prepare and look at. Close it when done. */
export type Api = {
  dispatcher: Dispatcher
  /** Sends JSON (a PATCH as a merge patch), returns the answer's JSON; throws ApiError for anything but 2xx. */
  send<T>(method: Method, path: string, body?: object): Promise<T>
  /** As send GET, for bodies that are no JSON (logs, readyz). */
  text(path: string): Promise<string>
  /** The lines of a watch, until the server ends it or the signal aborts. */
  watch(path: string, signal: AbortSignal): Promise<AsyncIterable<Buffer>>
} & AsyncDisposable

/** `connections`: so many requests are under way at once; the others wait. */
export function createApi({ server, tls, token }: Access, connections?: number): Api {
  const dispatcher = new Agent({ connect: tls, bodyTimeout: 0, connections: connections ?? null })
  const headers = { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const call = async (method: Method, path: string, body?: object, signal?: AbortSignal) => {
    const answer = await request(`${server}${path}`, {
      dispatcher,
      method,
      headers: { ...headers, ...(body && { 'content-type': contentType(method) }) },
      body: body && JSON.stringify(body),
      signal: signal ?? AbortSignal.timeout(60_000),
    })
    if (answer.statusCode < 300) return answer.body
    throw new ApiError(
      answer.statusCode,
      `${method} ${path}: ${answer.statusCode} ${await answer.body.text()}`,
    )
  }
  return {
    dispatcher,
    send: async <T>(method: Method, path: string, body?: object) =>
      (await (await call(method, path, body)).json()) as T,
    text: async (path) => (await call('GET', path)).text(),
    watch: (path, signal) => call('GET', path, undefined, signal),
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  }
}

const contentType = (method: Method) =>
  method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
