// Workers in the test's own process, on a private corner of Redis and an orchestrator of the test.
import { Redis } from 'ioredis'
import { pino } from 'pino'
import { acceptStart, acceptStop, acceptUpdate, type StartRequest, type Work } from '../../src/jobs/accept.ts'
import type { JobRecord } from '../../src/jobs/job.ts'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { isDone } from '../../src/jobs/transitions.ts'
import { acceptVerb, type Verb } from '../../src/jobs/verbs.ts'
import { superseded } from '../../src/jobs/work.ts'
import type { Orchestrator } from '../../src/orchestrators/orchestrator.ts'
import { createStore, type Store } from '../../src/store/store.ts'
import { createTasks, type Tasks } from '../../src/tasks/queues.ts'
import { tellStep } from '../../src/telemetry/job-spans.ts'
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts'
import { createPassingTracing, type Tracing } from '../../src/telemetry/tracing.ts'
import { createGuard } from '../../src/webhooks/guard.ts'
import { createSender } from '../../src/webhooks/send.ts'
import type { DeliverOptions } from '../../workers/webhook-deliver.ts'
import { createWorker, type Worker } from '../../workers/worker.ts'
import { redisCorner } from './redis.ts'
import { must, startRequest } from './work.ts'

export type WorkerBench = AsyncDisposable & {
  store: Store
  tasks: Tasks
  redis: Redis
  prefix: string
  /** Lines of the workers' log, as JSON. */
  lines: string[]
  metrics: Metrics
  tracing: Tracing
  /** Starts one more worker; it ends with the bench, or when it is disposed of itself. */
  startWorker(orchestrator: Orchestrator, webhooks?: Partial<DeliverOptions>): Worker
  /** Accepts a start and enqueues it, as the API does. */
  start(more?: Partial<StartRequest>): Promise<Work>
  /** Accepts a change of a system that runs. */
  update(name: string, more?: Partial<StartRequest>): Promise<JobRecord>
  /** Accepts a restart, a suspend or a resume. */
  ask(name: string, verb: Verb): Promise<JobRecord>
  /** Accepts the stop of a system, whatever it does. */
  stop(name: string): Promise<JobRecord>
  /** Resolves with the job as soon as it is as asked. */
  jobWhen(id: string, isSo: (job: JobRecord) => boolean): Promise<JobRecord>
  jobDone(id: string): Promise<JobRecord>
}

/** `tracing`: left out, spans are only passed on. It stays its owner's to close. */
export async function openWorkerBench(tracing: Tracing = createPassingTracing()): Promise<WorkerBench> {
  const stack = new AsyncDisposableStack()
  const corner = stack.use(redisCorner())
  const { redis, prefix } = corner
  const subscriber = new Redis(corner.url)
  stack.defer(() => subscriber.disconnect())
  const metrics = createMetrics()
  const store = await createStore(redis, subscriber, {
    prefix,
    retentionMs: 60_000,
    onTransition: (before, after) => {
      metrics.transition(before, after)
      tellStep(tracing, before, after)
    },
    traceNow: tracing.current,
  })
  stack.use(store.changes)
  const tasks = stack.use(createTasks(redis, { prefix, onError: () => {} }))
  const guard = createGuard({ allow: ['127.0.0.0/8'], httpsOnly: false })
  const { send } = stack.use(createSender({ guard, version: '0', timeoutMs: 2_000 }))
  const lines: string[] = []
  const log = pino(
    { level: process.env.TYCHO_TEST_LOG ?? 'trace' },
    { write: (line) => void lines.push(line) },
  )

  const jobWhen: WorkerBench['jobWhen'] = (id, isSo) =>
    new Promise((resolve, reject) => {
      const stop = store.changes.onJob(id, () => check())
      const check = () =>
        store.works.job(id).then((job) => {
          if (!job || !isSo(job)) return
          stop()
          resolve(job)
        }, reject)
      check()
    })

  const put = async (
    work: Work,
    rest: { before: Work['system'] | null; superseded: null | { before: JobRecord; after: JobRecord } },
  ) => {
    const accepted = await store.works.accept({ work, ...rest })
    if (accepted.outcome !== 'accepted') throw new Error(accepted.outcome)
    await tasks.enqueue(accepted.work.job)
    return accepted.work
  }

  return {
    store,
    tasks,
    redis,
    prefix,
    lines,
    metrics,
    tracing,
    jobWhen,
    jobDone: (id) => jobWhen(id, isDone),
    startWorker(orchestrator, webhooks = {}) {
      const options = { send, scheduleMs: [0, 50, 50], places: 16, ...webhooks }
      return stack.use(
        createWorker(
          { store, tasks, orchestrator, metrics, tracing, log, maxAttempts: 3 },
          { redis, prefix, concurrency: 8, webhooks: options },
        ),
      )
    },
    async start(more = {}) {
      const request = startRequest(more)
      const specKey = await store.contents.put({ spec: request.spec, positions: {} })
      const before = await store.works.system(request.identity.tenant, request.identity.name)
      return put(acceptStart({ ...request, specKey }, Date.now()), { before, superseded: null })
    },
    async update(name, more = {}) {
      const system = must(await store.works.system('alice', name))
      const request = startRequest(more)
      const specKey = await store.contents.put({ spec: request.spec, positions: {}, changed: request.job })
      const work = acceptUpdate(system, { ...request, specKey }, Date.now())
      return (await put(work, { before: system, superseded: null })).job
    },
    async ask(name, verb) {
      const system = must(await store.works.system('alice', name))
      const running = await store.works.job(system.job)
      const job = `${system.sid}-${verb}-${system.revision}`
      const request = { job, timeoutMs: 60_000, maxAttempts: 3, origin: PLAIN_ORIGIN }
      const work = acceptVerb(verb, system, request, Date.now())
      return (await put(work, { before: system, superseded: supersededBy(running, job) })).job
    },
    async stop(name) {
      const system = must(await store.works.system('alice', name))
      const running = await store.works.job(system.job)
      const work = acceptStop(system, `${system.sid}-stop-${system.revision}`, 3, Date.now())
      return (await put(work, { before: system, superseded: supersededBy(running, work.job.id) })).job
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function supersededBy(job: JobRecord | null, by: string): { before: JobRecord; after: JobRecord } | null {
  return !job || isDone(job) ? null : { before: job, after: superseded(job, by, Date.now()) }
}
