// An API for tests: the real application on a private corner of the real Redis; its queue only takes notes.
import type { FastifyInstance, InjectOptions } from 'fastify'
import { Redis } from 'ioredis'
import pino from 'pino'
import { ulid } from 'ulid'
import { type ApiDependencies, createApp } from '../../src/api/app.ts'
import { errorCodes } from '../../src/api/error-codes.ts'
import type { HttpProblem } from '../../src/api/schemas/http-problem.ts'
import type { Work } from '../../src/jobs/accept.ts'
import type { Job, JobRecord } from '../../src/jobs/job.ts'
import { failed, removed, succeeded } from '../../src/jobs/work.ts'
import { compile, objectNamesOf } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { checkExtension } from '../../src/orchestrators/kubernetes/compile/extensions.ts'
import { maskStages } from '../../src/orchestrators/kubernetes/compile/mask-stages.ts'
import { needsOf } from '../../src/orchestrators/kubernetes/compile/needs.ts'
import { pullsOf } from '../../src/orchestrators/kubernetes/compile/pulls.ts'
import { assumedFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import type { TokenRecord } from '../../src/system/access.ts'
import type { Endpoint } from '../../src/system/endpoint.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { identityOf } from '../../src/system/system.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'
import { createPassingTracing } from '../../src/telemetry/tracing.ts'
import { NO_TENANCY } from '../../src/tenants/tenancy.ts'
import { createToken } from '../../src/tenants/token.ts'
import { createGuard } from '../../src/webhooks/guard.ts'
import { ampleCapacity } from '../kit/capacity.ts'
import { watchAnswers } from '../kit/contract/watch-answers.ts'
import { redisCorner } from '../kit/redis.ts'
import { must } from '../kit/work.ts'

export type TestApi = AsyncDisposable & {
  app: FastifyInstance
  store: Store
  redis: Redis
  prefix: string
  /** Jobs that were put in the queue, oldest first. */
  enqueued: JobRecord[]
  /** Lines of the log. */
  lines: Record<string, unknown>[]
  /** How many requests wait for a change of a job. */
  waiting(): number
  /** How many keys the corner has. */
  keyCount(): Promise<number>
}

const retentionMs = 3600_000

const settings = {
  host: '127.0.0.1',
  anonymousTenant: 'alice',
  adminToken: null,
  oidc: null,
  accountAudience: null,
  corsOrigins: [],
  trustedProxies: [],
  queueLimit: 0,
  namespace: 'default',
  exposure: 'nodePort',
  timeoutMs: 600_000,
  maxAttempts: 3,
  retentionMs,
  legacyWaitMs: 5_000,
  composeLimitBytes: 1024 * 1024,
  filesLimitBytes: 4 * 1024 * 1024,
  batchLimitBytes: 16 * 1024 * 1024,
  batchConcurrency: 200,
  webhooks: { limit: 3, graceMs: 60_000 },
} as const

/** A cluster that holds nothing and refuses nothing. */
const silentCluster: ApiDependencies['reading'] = {
  facts: async () => assumedFacts,
  dryRun: async () => [],
  list: async () => [],
  preparations: async () => [],
  logs: async () => null,
  reviewToken: async () => null,
  capacity: async (asked) => ampleCapacity(asked),
  reachability: async () => ({ reachable: true, version: '1.34' }),
}

/** What every name of a callback stands for, so that no test asks a name server. */
const publicAddress = '8.8.8.8'

export type TestApiOptions = Partial<Omit<ApiDependencies, 'reading' | 'tasks'>> & {
  reading?: Partial<ApiDependencies['reading']>
  tasks?: Partial<ApiDependencies['tasks']>
  redis?: { url: string; prefix: string }
}

/** Each of its answers is held against the OpenAPI document. `redis`: another server than the run's. */
export async function testApi(options: TestApiOptions = {}): Promise<TestApi> {
  await using stack = new AsyncDisposableStack()
  const { redis: server, reading, tasks, ...overrides } = options
  const { url, prefix } = server ?? stack.use(redisCorner())
  const redis = connect(url, stack, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    commandTimeout: 2_000,
    enableAutoPipelining: true,
  })
  const subscriber = connect(url, stack, { maxRetriesPerRequest: null })
  await ready(redis)
  const { metrics = createMetrics(), tracing = createPassingTracing() } = overrides
  const watching = { onTransition: metrics.transition, traceNow: tracing.current }
  const store = await createStore(redis, subscriber, { prefix, retentionMs, ...watching })
  stack.use(store.changes)
  const counted = countListeners(store)
  const enqueued: JobRecord[] = []
  const lines: Record<string, unknown>[] = []
  const app = await createApp({
    ...settings,
    store: counted.store,
    tasks: {
      enqueue: async (job) => void enqueued.push(job),
      positionOf: async () => null,
      removeStrays: async () => {},
      deliver: async () => {},
      prepareImages: async () => {},
      ...tasks,
    },
    runsOn: 'kubernetes',
    compile,
    maskStages,
    objectNames: (input) => objectNamesOf(input),
    needs: needsOf,
    pullsOf,
    checkExtension,
    tenancy: NO_TENANCY,
    reading: { ...silentCluster, ...reading },
    metrics,
    tracing,
    guard: createGuard({ allow: [], httpsOnly: false, resolve: async () => [publicAddress] }),
    log: pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) }),
    ...overrides,
  })
  const watched = watchAnswers(app)
  stack.defer(() => watched.throwFaults())
  stack.defer(() => app.close())
  const keyCount = async () => (await redis.keys(`${prefix}*`)).length
  const owned = stack.move()
  return {
    app,
    waiting: counted.listeners,
    store,
    redis,
    prefix,
    enqueued,
    lines,
    keyCount,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The same store, which also says how many listen for changes of jobs. */
function countListeners(store: Store): { store: Store; listeners: () => number } {
  let count = 0
  const onJob: Store['changes']['onJob'] = (id, listener) => {
    const stop = store.changes.onJob(id, listener)
    count += 1
    return () => {
      count -= 1
      stop()
    }
  }
  return { store: { ...store, changes: { ...store.changes, onJob } }, listeners: () => count }
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

/** A Compose file of one service that publishes a port. */
export const hello = 'services:\n  web:\n    image: demo/hello\n    ports: ["80"]\n'

/** An answer with a JSON body. */
export type Answer<T> = { status: number; headers: Record<string, unknown>; body: T }

export async function send<T = unknown>(api: TestApi, request: InjectOptions): Promise<Answer<T>> {
  const answer = await api.app.inject(request)
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: JSON.parse(answer.body || 'null'),
  }
}

export type Issued = { id: string; token: string; headers: { authorization: string } }

/** Issues a token as the operator would. */
export async function issue(api: TestApi, more: Partial<TokenRecord> = {}): Promise<Issued> {
  const id = ulid().toLowerCase()
  const { token, secretHash } = createToken(id)
  const record: TokenRecord = {
    id,
    secretHash,
    tenant: 'bob',
    scopes: ['write'],
    description: '',
    createdAt: Date.now(),
    expiresAt: null,
    ...more,
  }
  await api.store.tokens.add(record)
  return { id, token, headers: { authorization: `Bearer ${token}` } }
}

/** Starts a system; throws unless it is accepted. */
export async function start(api: TestApi, payload: object): Promise<Job> {
  const { status, body } = await send<Job>(api, { method: 'POST', url: '/v1/systems', payload })
  if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}

/** Sends what must be refused, and sees that it left nothing behind. */
export async function refused(api: TestApi, request: InjectOptions): Promise<Answer<HttpProblem>> {
  const [keysBefore, enqueuedBefore] = [await api.keyCount(), api.enqueued.length]
  const answer = await send<HttpProblem>(api, request)
  const kind = answer.headers['content-type']
  if (!String(kind).startsWith('application/problem+json')) throw new Error(`${answer.status} as ${kind}`)
  if (!(answer.body.code in errorCodes)) throw new Error(`${answer.body.code} is not in the catalogue`)
  const [keys, enqueued] = [await api.keyCount(), api.enqueued.length]
  if (keys !== keysBefore) throw new Error(`${keys - keysBefore} keys were left in Redis`)
  if (enqueued !== enqueuedBefore) throw new Error('a task was enqueued')
  return answer
}

export const endpoint: Endpoint = {
  service: 'web',
  containerPort: 80,
  protocol: 'tcp',
  port: 30080,
  url: 'http://127.0.0.1:30080',
}

/** Ends a job as a worker would: a start succeeds with these endpoints, a stop leaves nothing. */
export async function finish(api: TestApi, id: string, endpoints: Endpoint[] = [endpoint]): Promise<void> {
  await api.store.works.change(id, (work) => ended(work, endpoints))
}

function ended(work: Work, endpoints: Endpoint[]): Work {
  const now = Date.now()
  if (work.job.kind === 'system.stop') return removed(work, { changes: [], remaining: [] }, now)
  const services = Object.fromEntries(
    Object.entries(work.system.services).map(([name, one]) => [
      name,
      { ...one, readiness: 'ready' as const },
    ]),
  )
  return succeeded({ job: { ...work.job, endpoints }, system: { ...work.system, services } }, now)
}

/** Fails a job as a worker would before it has made anything. */
export async function fail(api: TestApi, id: string, code: string, message: string): Promise<void> {
  const error = { code, message, retryable: false, details: {} }
  await api.store.works.change(id, (work) => failed(work, error, Date.now()))
}

/** Compiles what is stored of a system, keeps it and notes that it was applied, as a worker would. */
export async function apply(api: TestApi, name: string): Promise<void> {
  const system = must(await api.store.works.system('alice', name))
  const { spec } = must(await api.store.contents.get<{ spec: SystemSpec }>(system.spec))
  const input = { identity: identityOf(system), spec, exposure: system.exposure }
  const manifests = await api.store.contents.put(compile(input, assumedFacts))
  const applied = { spec: system.spec, manifests }
  await api.store.works.changeSystem('alice', name, (found) => ({ ...found, applied }))
}
