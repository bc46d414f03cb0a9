#!/usr/bin/env node
// The floor: what a batch costs at the least, a bare Fastify route that packs the items into chunks of one Redis hash.
import Fastify from 'fastify'
import { Redis } from 'ioredis'

const redis = new Redis(process.env.REDIS_URL ?? '')
const app = Fastify({ bodyLimit: 16 * 1024 * 1024 })
app.get('/healthz', async () => ({ status: 'ok' }))
app.get('/v1/jobs/none', async () => ({ job: await redis.hget('floor:none', 'record') }))
app.post<{ Body: { name: string; items: object[] } }>('/v1/batches', async ({ body }, reply) => {
  const chunks: string[] = []
  for (let at = 0; at < body.items.length; at += 200) {
    chunks.push(`${at}`, JSON.stringify(body.items.slice(at, at + 200)))
  }
  await redis.hset(`floor:${body.name}`, ...chunks)
  return reply.code(202).send({ id: body.name })
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
