// A receiver of webhooks on loopback, which verifies them with the official library and answers what it is told to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'

export type Received = {
  path: string
  id: string
  /** Seconds since the epoch, as sent. */
  timestamp: string
  signature: string
  headers: IncomingMessage['headers']
  text: string
  body: { type: string; timestamp: string; data: Record<string, unknown> }
  at: number
}

/** `silent`: no answer ever. `reset`: the connection is broken off. `endless`: an answer whose body never ends. */
export type Behaviour =
  | { is: 'answer'; status: number; headers?: Record<string, string>; body?: string; delayMs?: number }
  | { is: 'silent' }
  | { is: 'reset' }
  | { is: 'endless'; status: number }

export type Receiver = AsyncDisposable & {
  url: string
  port: number
  /** Everything that came, oldest first. */
  received: Received[]
  /** The same at one path. */
  at(path: string): Received[]
  /** How it answers from now on: all requests, or those at a path. */
  answer(behaviour: Behaviour, path?: string): void
  /** How many bytes of endless answers were taken from it. */
  sentBytes(): number
}

const fine: Behaviour = { is: 'answer', status: 204 }

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = []
  const behaviours = new Map<string, Behaviour>()
  let sent = 0
  const server = createServer(async (request, response) => {
    const path = request.url ?? ''
    received.push(toReceived(path, request.headers, await readText(request)))
    behave(response, behaviours.get(path) ?? behaviours.get('*') ?? fine, (bytes) => {
      sent += bytes
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    at: (path) => received.filter((one) => one.path === path),
    answer: (behaviour, path = '*') => void behaviours.set(path, behaviour),
    sentBytes: () => sent,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Throws unless the library accepts the signature of this secret. */
export function verify(secret: string, { id, timestamp, signature, text }: Received): void {
  new Webhook(secret).verify(text, {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  })
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function toReceived(path: string, headers: IncomingMessage['headers'], text: string): Received {
  return {
    path,
    id: String(headers['webhook-id']),
    timestamp: String(headers['webhook-timestamp']),
    signature: String(headers['webhook-signature']),
    headers,
    text,
    body: JSON.parse(text),
    at: Date.now(),
  }
}

function behave(response: ServerResponse, behaviour: Behaviour, count: (bytes: number) => void): void {
  switch (behaviour.is) {
    case 'answer':
      setTimeout(() => {
        response.writeHead(behaviour.status, behaviour.headers)
        response.end(behaviour.body)
      }, behaviour.delayMs ?? 0)
      return
    case 'silent':
      return
    case 'reset':
      response.destroy()
      return
    case 'endless':
      response.writeHead(behaviour.status)
      pour(response, count)
      return
    default:
      behaviour satisfies never
  }
}

/** As fast as the other side takes it, until it has gone. */
function pour(response: ServerResponse, count: (bytes: number) => void): void {
  const chunk = Buffer.alloc(16 * 1024, 'x')
  const more = () => {
    while (!response.destroyed) {
      count(chunk.length)
      if (!response.write(chunk)) return
    }
  }
  response.on('drain', more)
  more()
}
