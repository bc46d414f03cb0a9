// The logs of a system as plain text; with `follow` the answer goes on.
import { Readable } from 'node:stream'
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { endOfStream } from '../event-stream.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { LogsQuery } from '../schemas/logs.ts'
import { refusals } from '../schemas/refusals.ts'
import { SystemParams } from '../schemas/system-request.ts'
import { parseSince } from '../since.ts'
import { type LogWish, readLogs } from '../system-logs.ts'

/** Lines of each container, where the request does not say from when. */
const usualTail = 100

const logsAnswer = {
  description:
    'Lines of text; where several containers can speak, each begins with `service/copy | `. Values that the system keeps secret are masked',
  content: { 'text/plain': { schema: { type: 'string' } } },
}

export async function logRoutes(scope: App, context: ApiContext): Promise<void> {
  const schema = {
    tags: ['systems'],
    summary: 'Read what the containers of a system say, or follow it',
    params: SystemParams,
    querystring: LogsQuery,
    response: {
      200: logsAnswer,
      ...refusals(
        'LOGS_FORBIDDEN',
        'SYSTEM_NOT_FOUND',
        'SERVICE_NOT_FOUND',
        'NO_LOGS',
        'CLUSTER_UNAVAILABLE',
        'CLUSTER_REFUSED',
      ),
    },
  }
  scope.get('/systems/:name/logs', { schema }, async (request, reply) => {
    const wish = toWish(request.query)
    const signal = endOfStream(context, request, reply)
    const text = await readLogs(context, tenantOf(request), request.params.name, wish, signal)
    reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-content-type-options', 'nosniff')
      .header('x-accel-buffering', 'no')
    if (wish.follow) reply.header('connection', 'close')
    const isHead = request.method === 'HEAD'
    const stream = Readable.from(isHead ? [] : begun(text, () => reply.raw.flushHeaders()), {
      objectMode: false,
    })
    stream.once('error', (error) => context.log.warn({ request: request.id, err: error }, 'a log broke off'))
    return reply.send(stream)
  })
}

/** Throws INVALID_REQUEST (400). */
function toWish({ service, tail, since, follow = false }: LogsQuery): LogWish {
  const from = since === undefined ? null : parseSince(since, Date.now())
  if (since !== undefined && from === null) {
    const message = '`since` is RFC 3339, a duration as 10m or 1h30m, or a number of seconds'
    const problem = { code: 'INVALID_FIELD', severity: 'error' as const, path: 'querystring.since', message }
    throw apiError('INVALID_REQUEST', message, { problems: [problem] })
  }
  return {
    service: service ?? null,
    tail: tail ?? (since === undefined ? usualTail : null),
    since: from,
    follow,
  }
}

/** Nobody may say anything for long: the client sees that it is connected before the first line. */
async function* begun(text: AsyncIterable<string>, begin: () => void): AsyncGenerator<string> {
  begin()
  yield* text
}
