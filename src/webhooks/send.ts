// One attempt to tell a receiver: a signed POST through a connector that looks where the connection goes.
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector, type Dispatcher } from 'undici'
import type { Attempt } from '../jobs/delivery.ts'
import { TychoError } from '../problem.ts'
import type { Guard } from './guard.ts'
import { retryAfterMs } from './schedule.ts'
import { signedHeaders } from './sign.ts'

/** `id` is the same in all attempts; `body` is signed as it is. `traceparent`: of the trace that the event belongs to. */
export type Message = {
  id: string
  url: string
  body: string
  secrets: readonly string[]
  traceparent?: string | null
}

/** `askedMs`: how long the receiver asks to be left alone. */
export type Sent = { attempt: Attempt; askedMs: number }

export type Sender = AsyncDisposable & {
  /** Never rejects: what goes wrong is in the attempt. */
  send(message: Message): Promise<Sent>
}

export type SenderOptions = {
  guard: Guard
  /** Names the sender in `User-Agent`. */
  version: string
  /** Of a whole attempt, from the look at the name to the end of the answer. */
  timeoutMs?: number
}

const readBytes = 64 * 1024
const shownCharacters = 1_000

/** So many connections to one receiver; others wait for one of them. */
const connectionsEach = 8

export function createSender({ guard, version, timeoutMs = 15_000 }: SenderOptions): Sender {
  const agent = new Agent({
    connect: guardedConnector(guard, timeoutMs),
    connections: connectionsEach,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 1_000,
  })
  return {
    async send(message) {
      const at = Date.now()
      const signal = AbortSignal.timeout(timeoutMs)
      const rest = await ask(agent, guard, message, { at, signal, version }).catch((error: unknown) => ({
        ...noAnswer,
        error: toAttemptError(error, signal, timeoutMs),
      }))
      const { askedMs, ...found } = rest
      return { attempt: { at, durationMs: Date.now() - at, ...found }, askedMs }
    },
    // What is under way ends with the process, and is tried again by another.
    [Symbol.asyncDispose]: () => agent.destroy(),
  }
}

const noAnswer = { status: null, answer: null, askedMs: 0 }

type Found = Omit<Attempt, 'at' | 'durationMs'> & { askedMs: number }

/** Redirects are not followed: `request` of undici does so only when told to. */
async function ask(
  dispatcher: Dispatcher,
  guard: Guard,
  message: Message,
  { at, signal, version }: { at: number; signal: AbortSignal; version: string },
): Promise<Found> {
  const url = guard.checkUrl(message.url)
  const { statusCode, headers, body } = await dispatcher.request({
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': `Tycho/${version}`,
      ...signedHeaders(message, at),
      ...(message.traceparent && { traceparent: message.traceparent }),
    },
    body: message.body,
    signal,
  })
  const answer = await readStart(body)
  const after = headers['retry-after']
  return {
    status: statusCode,
    error: statusError(statusCode),
    answer,
    askedMs: retryAfterMs(Array.isArray(after) ? after[0] : after, Date.now()),
  }
}

function statusError(status: number): Attempt['error'] {
  if (status >= 200 && status < 300) return null
  if (status >= 300 && status < 400)
    return { code: 'REDIRECTED', message: `The receiver answered ${status}; redirects are not followed` }
  return { code: 'REFUSED', message: `The receiver answered ${status}` }
}

/** The status has said it all: a body that breaks off, or does not end in time, changes nothing. */
async function readStart(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= readBytes) break
    }
  } catch {
    // What was read until then is shown.
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text
}

function toAttemptError(error: unknown, signal: AbortSignal, timeoutMs: number): Attempt['error'] {
  if (error instanceof TychoError) return { code: error.code, message: error.message }
  if (signal.aborted) return { code: 'TIMED_OUT', message: `No answer within ${timeoutMs / 1000} s` }
  return { code: 'NO_CONNECTION', message: reasonOf(error) }
}

/** Several addresses that were tried fail as one error, whose own message is empty. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join('; ')
  return error instanceof Error ? error.message : String(error)
}

/** Names are looked up by the guard, literals and the socket's own address are checked: there is no way around it. */
function guardedConnector(guard: Guard, timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, lookup: guardedLookup(guard), allowH2: false })
  return (options, callback) => {
    const { hostname } = options
    try {
      // Of an address no lookup is made.
      if (isIP(hostname) !== 0) guard.checkAddress(hostname, hostname)
    } catch (error) {
      callback(error as Error, null)
      return
    }
    connect(options, (...result) => callback(...checkedSocket(guard, hostname, result)))
  }
}

function guardedLookup(guard: Guard): LookupFunction {
  return (hostname, options, callback) => {
    guard.addressesOf(hostname).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
        const [first] = found
        if (options.all) callback(null, found)
        else callback(null, first?.address ?? '', first?.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 4),
    )
  }
}

function checkedSocket(
  guard: Guard,
  hostname: string,
  result: buildConnector.CallbackArgs,
): buildConnector.CallbackArgs {
  const [, socket] = result
  if (!socket) return result
  try {
    guard.checkAddress(socket.remoteAddress ?? '', hostname)
    return result
  } catch (error) {
    socket.destroy()
    return [error as Error, null]
  }
}
