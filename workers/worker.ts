// A worker: does tasks, and takes part in the loops.
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { type ConsumeOptions, type Consumer, consumeTasks, consumeWebhooks } from '../src/tasks/consume.ts'
import type { WorkerContext } from './context.ts'
import { createPrepareHandler } from './images-prepare.ts'
import { dispatch } from './loops/dispatcher.ts'
import { runElected } from './loops/elected.ts'
import { aliveMs, beat } from './loops/heartbeat.ts'
import { observe } from './loops/observer.ts'
import { carryOut } from './loops/postman.ts'
import { survey } from './loops/surveyor.ts'
import { sweep } from './loops/sweeper.ts'
import { createHandler } from './run-task.ts'
import { createStrayHandler } from './stray-remove.ts'
import { compileSystem } from './system-compile.ts'
import { deploySystem } from './system-deploy.ts'
import { removeSystem } from './system-remove.ts'
import { createDeliverHandler, type DeliverOptions } from './webhook-deliver.ts'
import { within } from './within.ts'

/** `redis` waits while the server is away, and stays its owner's to close. */
export type WorkerOptions = { redis: Redis; prefix: string; concurrency: number; webhooks: DeliverOptions }

/** Whether a worker does its part, and the reason where it does not. */
export type Readiness = { status: 'ready' } | { status: 'unavailable'; reason: string }

export type Worker = AsyncDisposable & { readiness(): Readiness }

/** Of a worker that has not been made yet. */
export const STARTING: Readiness = { status: 'unavailable', reason: 'the worker is starting' }

/** How long running tasks and loops may take to end; while Redis is away they would take for ever. */
const closing = { tasksMs: 10_000, loopsMs: 3_000 }

/** Attempts are never so many that nobody is left who puts off what finds no place. */
const spareConsumers = 2

/**
 * Starts a worker. Disposing it lets running tasks end, and hands its loops to the other workers. What does not end
 * in time is left: the queue gives its tasks to another worker, as after a crash.
 */
export function createWorker(context: WorkerContext, options: WorkerOptions): Worker {
  const pulse = { beatAt: 0 }
  const loops = startLoops(context, pulse)
  const consumer = startConsumer(context, options)
  const deliverer = startDeliverer(context, options)
  const end = async (part: AsyncDisposable, ms: number, name: string) => {
    if (!(await within(part[Symbol.asyncDispose](), ms)))
      context.log.warn({ part: name }, 'left while it was still closing')
  }
  let isClosing = false
  return {
    readiness: () => toReadiness(isClosing, consumer.isRunning(), Date.now() - pulse.beatAt),
    async [Symbol.asyncDispose]() {
      isClosing = true
      await Promise.all([
        end(consumer, closing.tasksMs, 'tasks'),
        end(deliverer, closing.tasksMs, 'webhooks'),
      ])
      await end(loops, closing.loopsMs, 'loops')
    },
  }
}

/** The beat is written to Redis by a loop: without it one of both is away. */
function toReadiness(isClosing: boolean, takesTasks: boolean, sinceBeatMs: number): Readiness {
  if (isClosing) return { status: 'unavailable', reason: 'the worker is closing' }
  if (!takesTasks) return { status: 'unavailable', reason: 'the worker takes no tasks' }
  if (sinceBeatMs < aliveMs) return { status: 'ready' }
  return { status: 'unavailable', reason: 'Redis has not taken a sign of life of this worker lately' }
}

function startConsumer(context: WorkerContext, { redis, prefix, concurrency }: WorkerOptions): Consumer {
  const handlers = {
    'system.compile': createHandler(context, 'compile', compileSystem),
    'system.deploy': createHandler(context, 'deploy', deploySystem),
    'system.remove': createHandler(context, 'remove', removeSystem),
    'stray.remove': createStrayHandler(context),
    'images.prepare': createPrepareHandler(context),
  }
  return consumeTasks(redis, handlers, { prefix, concurrency, ...watching(context) })
}

/** Who waits for a receiver sits in a place of its own; the queue may hand out some more, which find none and come back. */
function startDeliverer(context: WorkerContext, { redis, prefix, webhooks }: WorkerOptions): Consumer {
  const handlers = { 'webhook.deliver': createDeliverHandler(context, webhooks) }
  const concurrency = webhooks.places + spareConsumers
  return consumeWebhooks(redis, handlers, { prefix, concurrency, ...watching(context) })
}

function watching({ log, metrics }: WorkerContext): Pick<ConsumeOptions, 'onError' | 'onRun'> {
  return {
    onError: (error) => log.debug({ reason: error.message }, 'the queue is in trouble'),
    onRun: metrics.taskRun,
  }
}

function startLoops(context: WorkerContext, pulse: { beatAt: number }): AsyncDisposable {
  const worker = `worker-${randomUUID()}`
  const stop = new AbortController()
  const { signal } = stop
  const loops = Promise.all([
    beat(context, worker, signal, () => {
      pulse.beatAt = Date.now()
    }),
    runElected(context, {
      name: 'observer',
      holder: worker,
      signal,
      run: (term, lease) => observe(context, lease, term),
    }),
    runElected(context, { name: 'sweeper', holder: worker, signal, run: (term) => sweep(context, term) }),
    runElected(context, {
      name: 'dispatcher',
      holder: worker,
      signal,
      run: (term) => dispatch(context, term),
    }),
    runElected(context, {
      name: 'guard',
      holder: worker,
      signal,
      run: (term) => context.orchestrator.guard(term),
    }),
    runElected(context, { name: 'postman', holder: worker, signal, run: (term) => carryOut(context, term) }),
    runElected(context, { name: 'surveyor', holder: worker, signal, run: (term) => survey(context, term) }),
  ])
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await loops
    },
  }
}
