/**
 * A proxy on loopback in front of an API server, for tests that count requests or need a server that misbehaves.
 * It is given to a process through a kubeconfig of its own, so it sees exactly that process' requests.
 */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createUpstream } from './api-proxy-upstream.ts'
import { readAccess } from './cluster/api.ts'

export type RecordedRequest = {
  method: string
  /** Path with query, as sent. */
  path: string
  /** Watches stay open; they are told apart because they cost one request however long they last. */
  isWatch: boolean
  /** 0 until it is answered. */
  status: number
}

/** What the proxy does instead of passing a request on. */
export type Intervention =
  /** Answers by itself. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** Resets the connection; the API server is not asked. */
  | { kind: 'reset' }
  /** Neither asks nor answers, for as long as the connection lasts. */
  | { kind: 'hang' }
  /** Asks, and keeps the answer back for as long as the connection lasts. */
  | { kind: 'withhold' }
  /** Asks, and resets the connection when the answer is there; `onAnswer` is called before that. */
  | { kind: 'lose'; onAnswer?: () => void }
  /** Passes on the answer's head and so many bytes of its body, then resets the connection. */
  | { kind: 'cut'; afterBytes: number }

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
  /** Resets the connections of the watches that are open now. */
  cutWatches(): void
  /** From now on the watches that are open bring nothing, and stay open. */
  stallWatches(): void
} & AsyncDisposable

/** Starts a proxy for the cluster of a kubeconfig. */
export async function startApiProxy(target: string): Promise<ApiProxy> {
  const upstream = createUpstream(readAccess(target))
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
    cutWatches: () => upstream.cutWatches(),
    stallWatches: () => upstream.stallWatches(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await upstream.close()
      await rm(folder, { recursive: true, force: true })
    },
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    // Other programs of this machine must not get all rights by this port.
    if (incoming.headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end()
    const record = toRecord(incoming)
    proxy.requests.push(record)
    const intervention = proxy.intervene?.(record)
    switch (intervention?.kind) {
      case undefined:
        return upstream.forward(record, incoming, response)
      case 'cut':
        return upstream.forward(record, incoming, response, intervention.afterBytes)
      case 'reset':
        return void incoming.socket.resetAndDestroy()
      case 'hang':
        return
      case 'withhold':
        return void (await upstream.ask(record, incoming))
      case 'lose':
        await upstream.ask(record, incoming)
        intervention.onAnswer?.()
        return void incoming.socket.resetAndDestroy()
      case 'answer':
        record.status = intervention.status
        return void response.writeHead(intervention.status, intervention.headers).end(intervention.body)
      default:
        intervention satisfies never
    }
  }
  return proxy
}

function toRecord({ method = 'GET', url = '/' }: IncomingMessage): RecordedRequest {
  const watch = new URL(url, 'http://proxy').searchParams.get('watch')
  return { method, path: url, isWatch: watch === 'true' || watch === '1', status: 0 }
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
