// Server-sent events (WHATWG HTML, 9.2): an answer that goes on, of messages that are asked for one by one.
//
// It is a stream like any other for Fastify, so that hooks, headers and the log see it as they see every answer. A
// message is only asked for when the client can take it: the source tells the newest state then, and a client that
// reads slowly misses what lay between and costs no memory. (The libraries for this buffer what they are pushed, or
// send their headers before the first failure can be answered as a problem.)
import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { acceptsEventStream } from './wants-event-stream.ts'

/** `id` null: a client that comes back names the last message that had one. `data`: text, mostly JSON. */
export type StreamMessage = { id: string | null; event: string; data: string }

/** `lastEventId`: what a client that comes back has seen. `signal` aborts when the client goes or the server closes. */
export type StreamRequest = { lastEventId: string | null; signal: AbortSignal }

/** What it throws is answered as any refusal; what its messages throw later cuts the connection. */
export type OpenMessages = (request: StreamRequest) => Promise<AsyncIterable<StreamMessage>>

const defaultHeartbeatMs = 15_000

/** When a client that has lost its connection tries again, in milliseconds. */
const reconnectMs = 2_000

/** The first of each stream. */
export const reconnectLine = `retry: ${reconnectMs}\n\n`

/** A client that takes nothing for so many heartbeats is given up. */
const patienceBeats = 8

/** How long a client may take to read the rest when the server closes, in milliseconds. */
const closingMs = 1_000

/** Answers with the messages until there are no more. Throws NOT_ACCEPTABLE (406), and what `open` throws. */
export async function openEventStream(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  open: OpenMessages,
): Promise<FastifyReply> {
  if (!acceptsEventStream(request)) {
    throw apiError('NOT_ACCEPTABLE', 'This is a stream of events; ask for it with Accept: text/event-stream')
  }
  const signal = endOfStream(context, request, reply)
  const messages = await open({ lastEventId: lastEventIdOf(request), signal })
  reply
    .type('text/event-stream')
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .header('connection', 'close')
  if (request.method === 'HEAD') return reply.send(Readable.from([]))
  const stream = toStream(messages, context.heartbeatMs ?? defaultHeartbeatMs)
  stream.once('error', (error) => context.log.warn({ request: request.id, err: error }, 'a stream broke off'))
  return reply.send(stream)
}

/**
 * Aborts when the client goes or the server closes, and within a heartbeat of the time from which its token would be
 * refused; then the client has a moment to read what is left.
 */
export function endOfStream(
  context: ApiContext,
  request: FastifyRequest,
  { raw }: FastifyReply,
): AbortSignal {
  const { closing } = context
  const ending = new AbortController()
  const end = () => {
    ending.abort()
    const cut = setTimeout(() => raw.destroy(), closingMs)
    raw.once('close', () => clearTimeout(cut))
  }
  if (closing.aborted) end()
  closing.addEventListener('abort', end)
  const stopAsking = whenRefused(context, request, end)
  raw.once('close', () => {
    stopAsking()
    closing.removeEventListener('abort', end)
    ending.abort()
  })
  return ending.signal
}

/** Asks with each heartbeat; answers how to stop. While nobody can tell whether the token is good, it counts as good. */
function whenRefused({ heartbeatMs, log }: ApiContext, request: FastifyRequest, end: () => void): () => void {
  const ask = async () => {
    if ((await request.isStillAllowed?.()) !== false) return
    clearInterval(asking)
    log.info({ request: request.id }, 'a stream ends: its caller may not read it any more')
    end()
  }
  const asking = setInterval(() => {
    ask().catch((error: unknown) =>
      log.debug({ request: request.id, err: error }, 'could not ask whether a stream may go on'),
    )
  }, heartbeatMs ?? defaultHeartbeatMs)
  return () => clearInterval(asking)
}

/** An id that a client has never got counts as none. */
function lastEventIdOf({ headers }: FastifyRequest): string | null {
  const given = headers['last-event-id']
  return typeof given === 'string' && given !== '' ? given : null
}

function toStream(source: AsyncIterable<StreamMessage>, heartbeatMs: number): Readable {
  const messages = source[Symbol.asyncIterator]()
  let isAsking = false
  let stalledBeats = 0
  const ask = async () => {
    const { done, value } = await messages.next()
    isAsking = false
    stream.push(done ? null : toFrame(value))
  }
  const stream = new Readable({
    // One message is on its way, and no more.
    highWaterMark: 1,
    read() {
      stalledBeats = 0
      if (isAsking) return
      isAsking = true
      ask().catch((error: Error) => stream.destroy(error))
    },
    destroy(error, done) {
      clearInterval(heartbeat)
      // A source that nobody asks any more would hold what it listens to.
      messages.return?.().catch(() => {})
      done(error)
    },
  })
  const heartbeat = setInterval(() => {
    if (stream.readableLength > 0) {
      stalledBeats += 1
      if (stalledBeats > patienceBeats) stream.destroy()
    } else if (isAsking) stream.push(':\n\n')
  }, heartbeatMs)
  stream.push(reconnectLine)
  return stream
}

/** Each line of the data is a field of its own; ids and names are ours, and have no line breaks. */
export function toFrame({ id, event, data }: StreamMessage): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${id === null ? '' : `id: ${id}\n`}event: ${event}\n${lines.join('')}\n`
}
