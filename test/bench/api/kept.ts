#!/usr/bin/env node
// What a start costs at the least that is kept: the bare route of `floor.ts`, which also writes the start as Tycho does,
// in one transaction, and checks nothing. What is above it is what the records cost, whatever else the API does. A process
// of its own; PORT, REDIS_URL.
import { Queue } from 'bullmq'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { load } from 'js-yaml'
import { parseCompose } from '../../../src/compose/parse.ts'
import { acceptStart, type StartRequest } from '../../../src/jobs/accept.ts'
import { type Content, toContent } from '../../../src/store/contents.ts'
import { createStore } from '../../../src/store/store.ts'
import { createIds } from '../../../src/system/ids.ts'
import { startRequest } from '../../kit/work.ts'

type Start = { name: string; compose: string }
/** Of a file, which is read when it comes for the first time. */
type Read = { request: Partial<StartRequest>; contents: Content[] }

const url = process.env.REDIS_URL ?? ''
const redis = new Redis(url, { maxRetriesPerRequest: null, enableAutoPipelining: true })
const subscriber = new Redis(url, { maxRetriesPerRequest: null })
const store = await createStore(redis, subscriber, { prefix: '{kept}', retentionMs: 86_400_000 })
const room = { limits: { systems: null, pendingJobs: null }, queue: 100_000 }
const queue = new Queue('kept', { connection: redis })
const ids = createIds()
const read = new Map<string, Read>()

function readOnce(compose: string): Read {
  const known = read.get(compose)
  if (known) return known
  const { spec, positions } = parseCompose({ compose, env: {}, files: {} })
  if (!spec) throw new Error('the file can not be read')
  const contents = [toContent({ spec, positions }), toContent({ compose })]
  const [specKey = '', source = ''] = contents.map(({ hash }) => hash)
  const found = { request: { spec, specKey, source }, contents }
  if (read.size > 100) read.clear()
  read.set(compose, found)
  return found
}

const app = Fastify({ bodyLimit: 4 * 1024 * 1024 })
app.get('/healthz', async () => ({ status: 'ok' }))
app.post<{ Body: Start }>('/v1/systems', async ({ body: { name, compose } }, reply) => {
  load(compose)
  const { request, contents } = readOnce(compose)
  const identity = { tenant: 'bench', namespace: 'bench', name, sid: ids.sid() }
  const objectNames = Object.keys(request.spec?.services ?? {}).map((service) => `${name}-${service}`)
  const work = acceptStart(startRequest({ ...request, job: ids.job(), identity, objectNames }), Date.now())
  const accepted = await store.works.accept({ work, before: null, superseded: null, contents, room })
  if (accepted.outcome !== 'accepted') throw new Error(accepted.outcome)
  const job = await queue.add('start', { job: work.job.id })
  return reply.code(202).send({ id: job.id })
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
