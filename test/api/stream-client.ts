// An independent client of event streams (the package `eventsource`), and one that reads the bytes itself.
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { EventSource } from 'eventsource'
import { waitFor } from '../kit/wait.ts'

export type Received = { id: string; event: string; data: unknown }

export type StreamClient = Disposable & {
  received: Received[]
  /** How often it got a connection, and the status with which it was refused. */
  opened(): number
  refusedWith(): number | undefined
  /** Waits until it has so many events. */
  has(count: number): Promise<Received[]>
}

/** `headers` go with each request; a first `last-event-id` is replaced by what the client has got. */
export function follow(
  url: string,
  events: readonly string[],
  headers: Record<string, string> = {},
): StreamClient {
  const source = new EventSource(url, {
    fetch: (target, init) => fetch(target, { ...init, headers: { ...headers, ...init.headers } }),
  })
  const received: Received[] = []
  let opened = 0
  let refused: number | undefined
  source.addEventListener('open', () => {
    opened += 1
  })
  source.addEventListener('error', ({ code }) => {
    refused = code ?? refused
  })
  for (const event of events) {
    source.addEventListener(event, ({ lastEventId, data }: MessageEvent) => {
      received.push({ id: lastEventId, event, data: JSON.parse(data) })
      if (event === 'done') source.close()
    })
  }
  return {
    received,
    opened: () => opened,
    refusedWith: () => refused,
    async has(count) {
      await waitFor(`${count} events`, () => received.length >= count, { intervalMs: 5 })
      return received
    },
    [Symbol.dispose]: () => source.close(),
  }
}

export type RawStream = Disposable & {
  response: IncomingMessage
  /** What has come so far. */
  text(): string
  /** Whether the server has ended it, and has done so in order. */
  isEnded(): boolean
}

/** `paused`: it reads nothing until it is told to. */
export async function openRaw(
  url: string,
  options: { headers?: Record<string, string>; method?: string } = {},
): Promise<RawStream> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const asking: ClientRequest = request(url, { agent: false, ...options }, resolve)
  asking.once('error', reject).end()
  const response = await promise
  response.on('error', () => {})
  let text = ''
  return {
    response,
    text() {
      if (response.listenerCount('data') === 0) response.on('data', (chunk) => (text += chunk))
      return text
    },
    isEnded: () => response.complete,
    [Symbol.dispose]: () => void asking.destroy(),
  }
}
