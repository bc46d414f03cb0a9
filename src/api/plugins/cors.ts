// Pages of which other origins may call from a browser, and what they may send and read.
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'

/** How long a browser may remember what it was allowed, in seconds. */
const rememberedSeconds = 600

const sendable = [
  'Accept',
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'Last-Event-ID',
  'Prefer',
  'Traceparent',
  'X-Request-Id',
]

const readable = [
  'ETag',
  'Idempotent-Replayed',
  'Location',
  'Preference-Applied',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
]

/** `origins` as browsers send them; none: no page of another origin may. */
export async function addCors(app: FastifyInstance, origins: readonly string[]): Promise<void> {
  if (origins.length === 0) return
  await app.register(cors, {
    origin: [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: sendable,
    exposedHeaders: readable,
    // Nothing here reads a cookie; but a page that asks for them gets no answer at all without this.
    credentials: true,
    maxAge: rememberedSeconds,
  })
}
