#!/usr/bin/env node
// The floor: what a start costs at the least, a bare Fastify route that loads the YAML and adds one BullMQ job. It is a
// process of its own; PORT, REDIS_URL.
import { Queue } from 'bullmq'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { load } from 'js-yaml'

const redis = new Redis(process.env.REDIS_URL ?? '', { maxRetriesPerRequest: null })
const queue = new Queue('floor', { connection: redis })
const app = Fastify({ bodyLimit: 4 * 1024 * 1024 })
app.get('/healthz', async () => ({ status: 'ok' }))
app.post<{ Body: { name: string; compose: string } }>('/v1/systems', async ({ body }, reply) => {
  const job = await queue.add('start', { name: body.name, compose: load(body.compose) })
  return reply.code(202).send({ id: job.id })
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
