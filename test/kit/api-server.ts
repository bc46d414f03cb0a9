// A stand-in for what a real API server can't be made to do on demand: drop a watch, let it go silent, forget its
// past, refuse with 429. Plain HTTP on loopback; a test says how each request is answered.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Call = { method: string; path: string; query: URLSearchParams; body: string }

/** Answers a call, or leaves it open by not ending the response. */
export type Answer = (call: Call, response: ServerResponse) => void

export type ApiServer = AsyncDisposable & {
  kubeconfig: string
  /** As after a crash: connections are refused, the kubeconfig stays. */
  stopListening: () => void
  calls: Call[]
  answer: Answer
}

export async function startApiServer(answer: Answer): Promise<ApiServer> {
  const directory = mkdtempSync(join(tmpdir(), 'tycho-api-'))
  const server = createServer((request, response) => {
    void readCall(request).then((call) => {
      standIn.calls.push(call)
      standIn.answer(call, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address && typeof address === 'object' ? address.port : 0
  const standIn: ApiServer = {
    kubeconfig: join(directory, 'kubeconfig'),
    calls: [],
    answer,
    stopListening() {
      server.closeAllConnections()
      server.close()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(directory, { recursive: true, force: true })
    },
  }
  writeFileSync(standIn.kubeconfig, JSON.stringify(kubeconfigOf(`http://127.0.0.1:${port}`)))
  return standIn
}

export function json(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function kubeconfigOf(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 'secret' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '/', 'http://stand-in')
  const body = Buffer.concat(chunks).toString('utf8')
  return { method: request.method ?? 'GET', path: url.pathname, query: url.searchParams, body }
}
