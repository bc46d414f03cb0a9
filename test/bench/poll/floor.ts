#!/usr/bin/env node
// The floor: what a poll costs at the least, a bare Fastify route that does one Redis read. It is a process of its own;
// PORT, REDIS_URL.
import Fastify from 'fastify'
import { Redis } from 'ioredis'

const redis = new Redis(process.env.REDIS_URL ?? '')
const app = Fastify()
app.get('/healthz', async () => ({ status: 'ok' }))
app.get<{ Params: { id: string } }>('/jobs/:id', async (request, reply) => {
  const etag = `W/"${await redis.hget(`{tycho}:job:${request.params.id}`, 'revision')}"`
  return reply
    .header('etag', etag)
    .code(request.headers['if-none-match'] === etag ? 304 : 200)
    .send()
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
