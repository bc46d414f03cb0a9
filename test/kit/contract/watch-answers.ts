// Holds every answer of an application against its own document: those that are injected, and those over sockets.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { type Answer, contractOf, mustHold } from './contract.ts'
import type { Document } from './document.ts'

export type Watched = {
  /** Throws the first fault of an answer that went over a socket; its client may not have looked. */
  throwFaults(): void
}

/** Bytes of an answer that are kept to be judged: a stream has no end that could be waited for. */
const keptBytes = 16 * 1024 * 1024

/** An injected answer that the document does not describe fails its request at once. */
export function watchAnswers(app: FastifyInstance): Watched {
  const faults: unknown[] = []
  const judge = (answer: Answer) => mustHold(contractOf(app.swagger() as unknown as Document), answer)
  watchInjected(app, judge)
  app.server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
    onAnswer(request, response, (answer) => {
      try {
        judge(answer)
      } catch (error) {
        faults.push(error)
      }
    }),
  )
  return {
    throwFaults: () => {
      if (faults.length > 0) throw faults[0]
    },
  }
}

type Inject = (request: InjectOptions | string) => Promise<LightMyRequestResponse>

function watchInjected(app: FastifyInstance, judge: (answer: Answer) => void): void {
  const inject = app.inject.bind(app) as unknown as Inject
  const watched: Inject = async (request) => {
    const answer = await inject(request)
    const { method, url = '/' } = typeof request === 'string' ? { method: 'GET', url: request } : request
    const { statusCode: status, headers, body } = answer
    judge({ method: (method ?? 'GET').toUpperCase(), url: String(url), status, headers, body })
    return answer
  }
  Object.assign(app, { inject: watched })
}

/** Calls back when an answer has been written to its end; one that breaks off is not judged. */
function onAnswer(request: IncomingMessage, response: ServerResponse, seen: (answer: Answer) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  const keep = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return
    const buffer =
      typeof chunk === 'string'
        ? Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
        : Buffer.from(chunk)
    bytes += buffer.length
    if (bytes <= keptBytes) chunks.push(buffer)
  }
  for (const verb of ['write', 'end'] as const) {
    const original = response[verb].bind(response) as (...given: unknown[]) => unknown
    Object.assign(response, {
      [verb]: (...given: unknown[]) => {
        keep(given[0], given[1])
        return original(...given)
      },
    })
  }
  const headers: Record<string, unknown> = {}
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse
  response.writeHead = (...given: unknown[]) => {
    // Headers that are given here are in no other list.
    for (const [name, value] of Object.entries(given.at(-1) ?? {})) headers[name.toLowerCase()] = value
    return writeHead(...given)
  }
  response.once('finish', () => {
    if (bytes > keptBytes) return
    const { method = 'GET', url = '/' } = request
    Object.assign(headers, response.getHeaders())
    seen({ method, url, status: response.statusCode, headers, body: Buffer.concat(chunks).toString() })
  })
}
