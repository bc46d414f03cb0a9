// Opens what the API and the workers share, and closes it in reverse.
import { Redis } from 'ioredis'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { openOrchestrator } from './open-orchestrator.ts'
import type { Orchestrator } from './orchestrators/orchestrator.ts'
import { createStore, type Store } from './store/store.ts'
import type { Watching } from './store/works.ts'
import { createTasks, type Tasks } from './tasks/queues.ts'
import { tellStep } from './telemetry/job-spans.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import type { Tenancy } from './tenants/tenancy.ts'
import { createGuard, type Guard } from './webhooks/guard.ts'

export type Dependencies = {
  store: Store
  tasks: Tasks
  orchestrator: Orchestrator
  /** The connection of the queue. */
  queue: Redis
  /** Where webhooks may go. */
  guard: Guard
  /** Where the systems run of tenants that have no namespace of their own. */
  namespace: string
  /** What the operator says of tenants. */
  tenancy: Tenancy
}

/**
 * `impatient`: commands fail at once while Redis is away, as a server that answers 503 needs; else they wait for it.
 * `stack` closes everything.
 */
export async function openDependencies(
  config: Config,
  log: Log,
  stack: AsyncDisposableStack,
  { impatient, telemetry }: { impatient: boolean; telemetry: Telemetry },
): Promise<Dependencies> {
  const url = config.redisUrl ?? 'redis://127.0.0.1:6379'
  const redis = openRedis(url, stack, impatient)
  sayReachability(redis, log)
  const subscriber = openRedis(url, stack, false)
  // The queue's own: it defines dozens of scripts on its connection, and the client copies them into each pipeline.
  const queue = openRedis(url, stack, impatient)
  const store = await createStore(redis, subscriber, { ...config, ...watching(telemetry) })
  stack.use(store.changes)
  const tasks = createTasks(queue, { prefix: config.prefix, onError: () => {} })
  stack.use(tasks)
  telemetry.metrics.readFrom(async () => {
    const [queues, counts] = await Promise.all([tasks.depths(), store.counts()])
    return { queues, ...counts }
  })
  const opened = await openOrchestrator(config, { redis, store, telemetry, log }, stack)
  const guard = createGuard(config.webhooks)
  return { store, tasks, queue, guard, ...opened }
}

function watching({ metrics, tracing }: Telemetry): Watching {
  return {
    onTransition(before, after) {
      metrics.transition(before, after)
      tellStep(tracing, before, after)
    },
    traceNow: tracing.current,
  }
}

/**
 * The commands of what is done at the same moment go in one write, and come back in one read: at 50 connections that
 * halves what a start costs the API; a worker that does many tasks has a fifth less to do, and Redis almost half.
 */
function openRedis(url: string, stack: AsyncDisposableStack, impatient: boolean): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: impatient ? 0 : null,
    enableOfflineQueue: !impatient,
    connectTimeout: 5_000,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
    enableAutoPipelining: true,
    // Waits for a task, on a connection of its own: nothing may stand behind it.
    autoPipeliningIgnoredCommands: ['bzpopmin'],
    ...(impatient && { commandTimeout: 5_000 }),
  })
  redis.on('error', () => {})
  stack.defer(() => redis.disconnect())
  return redis
}

/** One line when Redis goes, one when it is back. */
function sayReachability(redis: Redis, log: Log): void {
  let away = false
  redis.on('error', (error: Error) => {
    if (!away) log.error({ reason: error.message }, 'Redis is away; trying again until it is back')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
}
