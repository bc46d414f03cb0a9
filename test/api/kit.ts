// An API for tests: the real application on a private corner of the real Redis; its queue only takes notes.
import type { FastifyInstance } from 'fastify'
import { Redis } from 'ioredis'
import pino from 'pino'
import { type ApiDependencies, createApp } from '../../src/api/app.ts'
import type { JobRecord } from '../../src/jobs/job.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import { redisCorner } from '../kit/redis.ts'

export type TestApi = AsyncDisposable & {
  app: FastifyInstance
  store: Store
  redis: Redis
  /** Jobs that were put in the queue, oldest first. */
  enqueued: JobRecord[]
  /** Lines of the log. */
  lines: Record<string, unknown>[]
  /** How many keys the corner has. */
  keyCount(): Promise<number>
}

const retentionMs = 3600_000

const settings = {
  host: '127.0.0.1',
  anonymousTenant: 'alice',
  namespace: 'default',
  exposure: 'nodePort',
  timeoutMs: 600_000,
  maxAttempts: 3,
  retentionMs,
  legacyWaitMs: 5_000,
  composeLimitBytes: 1024 * 1024,
} as const

export type TestApiOptions = Partial<ApiDependencies> & { redis?: { url: string; prefix: string } }

/** `redis`: another server than the run's. */
export async function testApi(options: TestApiOptions = {}): Promise<TestApi> {
  await using stack = new AsyncDisposableStack()
  const { redis: server, ...overrides } = options
  const { url, prefix } = server ?? stack.use(redisCorner())
  const redis = connect(url, stack, { maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: 2_000 })
  const subscriber = connect(url, stack, { maxRetriesPerRequest: null })
  await ready(redis)
  const store = await createStore(redis, subscriber, { prefix, retentionMs })
  stack.use(store.changes)
  const enqueued: JobRecord[] = []
  const lines: Record<string, unknown>[] = []
  const app = await createApp({
    ...settings,
    store,
    tasks: { enqueue: async (job) => void enqueued.push(job) },
    compile,
    log: pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) }),
    ...overrides,
  })
  stack.defer(() => app.close())
  const keyCount = async () => (await redis.keys(`${prefix}*`)).length
  const owned = stack.move()
  return { app, store, redis, enqueued, lines, keyCount, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function connect(url: string, stack: AsyncDisposableStack, options: object): Redis {
  const redis = new Redis(url, { ...options, retryStrategy: () => 50 })
  redis.on('error', () => {})
  stack.defer(() => redis.disconnect())
  return redis
}

function ready(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    if (redis.status === 'ready') resolve()
    else redis.once('ready', () => resolve())
  })
}
