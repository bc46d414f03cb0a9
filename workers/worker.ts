// A worker: does tasks, and takes part in the loops.
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { type Consumer, consumeTasks } from '../src/tasks/consume.ts'
import type { WorkerContext } from './context.ts'
import { runElected } from './loops/elected.ts'
import { beat } from './loops/heartbeat.ts'
import { observe } from './loops/observer.ts'
import { sweep } from './loops/sweeper.ts'
import { createHandler } from './run-task.ts'
import { compileSystem } from './system-compile.ts'
import { deploySystem } from './system-deploy.ts'
import { removeSystem } from './system-remove.ts'

/** `redis` waits while the server is away, and stays its owner's to close. */
export type WorkerOptions = { redis: Redis; prefix: string; concurrency: number }

/** Starts a worker. Disposing it lets running tasks end, and hands its loops to the other workers. */
export function createWorker(context: WorkerContext, options: WorkerOptions): AsyncDisposable {
  const stack = new AsyncDisposableStack()
  stack.use(startLoops(context))
  stack.use(startConsumer(context, options))
  return stack
}

function startConsumer(context: WorkerContext, { redis, ...options }: WorkerOptions): Consumer {
  const handlers = {
    'system.compile': createHandler(context, 'compile', compileSystem),
    'system.deploy': createHandler(context, 'deploy', deploySystem),
    'system.remove': createHandler(context, 'remove', removeSystem),
  }
  const onError = (error: Error) => context.log.debug({ reason: error.message }, 'the queue is in trouble')
  return consumeTasks(redis, handlers, { ...options, onError })
}

function startLoops(context: WorkerContext): AsyncDisposable {
  const worker = `worker-${randomUUID()}`
  const stop = new AbortController()
  const { signal } = stop
  const loops = Promise.all([
    beat(context, worker, signal),
    runElected(context, { name: 'observer', holder: worker, signal, run: (term) => observe(context, term) }),
    runElected(context, { name: 'sweeper', holder: worker, signal, run: (term) => sweep(context, term) }),
  ])
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await loops
    },
  }
}
