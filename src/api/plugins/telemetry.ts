// Counts, times and traces every request. Registered first, so that it also sees what later hooks refuse.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseTraceParent } from '../../jobs/trace-parent.ts'
import type { OpenSpan } from '../../telemetry/tracing.ts'
import type { ApiContext } from '../context.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request's part of a trace is called; null for those that are not traced. */
    span: OpenSpan | null
  }
}

/** Asked every few seconds by machines: their spans would be most of all. */
const untraced = new Set(['/healthz', '/readyz', '/metrics'])

export function addTelemetry(app: FastifyInstance, { metrics, tracing }: ApiContext): void {
  app.decorateRequest('span', null)
  const routeOf = createRouteOf()
  const tellOnce = createTell(metrics, routeOf)
  app.addHook('onRequest', (request, reply, done) => {
    // Of a client that goes before its answer nothing else tells.
    reply.raw.once('close', () => tellOnce(request, reply))
    request.span = startSpan(request, routeOf(request), tracing)
    if (request.span) tracing.within(request.span, done)
    else done()
  })
  // A body arrives in events of its connection, which know nothing of the span.
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.span) tracing.within(request.span, done)
    else done()
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    if (isStream(request, reply)) reply.raw.once('close', metrics.streamOpened())
    done(null, payload)
  })
  app.addHook('onResponse', (request, reply, done) => {
    tellOnce(request, reply)
    done()
  })
}

/** As proxies write it: the client went before it was answered. */
const clientGone = 499

function createTell(metrics: ApiContext['metrics'], routeOf: (request: FastifyRequest) => string | null) {
  const told = new WeakSet<FastifyRequest>()
  return (request: FastifyRequest, reply: FastifyReply) => {
    if (told.has(request)) return
    told.add(request)
    const statusCode = reply.raw.headersSent ? reply.raw.statusCode : clientGone
    metrics.answered({
      method: request.method,
      route: routeOf(request),
      statusCode,
      durationMs: reply.elapsedTime,
      held: isHeld(request, reply),
    })
    endSpan(request, statusCode)
  }
}

function startSpan(
  request: FastifyRequest,
  route: string | null,
  tracing: ApiContext['tracing'],
): OpenSpan | null {
  if (route !== null && untraced.has(route)) return null
  const { method, headers } = request
  const given = typeof headers.traceparent === 'string' ? headers.traceparent : null
  const span = tracing.start(`${method} ${route ?? 'none'}`, {
    kind: 'server',
    parent: parseTraceParent(given) ? given : null,
    attributes: { 'http.request.method': method, 'http.route': route ?? '', 'tycho.request': request.id },
  })
  return span.traceparent === null ? null : span
}

function endSpan({ span }: FastifyRequest, statusCode: number): void {
  span?.set({ 'http.response.status_code': statusCode })
  if (statusCode >= 500) span?.fail(`${statusCode}`)
  span?.end()
}

/** As the OpenAPI document writes it: what stands in a path is nobody's label. Written once for each route. */
function createRouteOf(): (request: FastifyRequest) => string | null {
  const written = new Map<string, string>()
  return ({ routeOptions: { url } }) => {
    if (url === undefined) return null
    const route = written.get(url) ?? url.replaceAll(/:(\w+)/g, '{$1}')
    written.set(url, route)
    return route
  }
}

/** Whether the time until the answer says nothing of the server: the client asked to wait, or for a stream. */
function isHeld({ query, headers }: FastifyRequest, reply: FastifyReply): boolean {
  const asked = query as { wait?: unknown } | undefined
  const prefer = headers.prefer
  if (asked?.wait !== undefined || (typeof prefer === 'string' && prefer.includes('wait'))) return true
  return isStream({ query }, reply)
}

/** Events, or a log that is followed: open until one of both sides ends it. */
function isStream({ query }: Pick<FastifyRequest, 'query'>, reply: FastifyReply): boolean {
  if (reply.statusCode !== 200) return false
  const asked = query as { follow?: unknown } | undefined
  return asked?.follow === true || String(reply.getHeader('content-type')).startsWith('text/event-stream')
}
