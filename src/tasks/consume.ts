// Takes tasks from the queues and gives them to their handlers; the only place that knows BullMQ's control flow.
import { createHash } from 'node:crypto'
import { DelayedError, type Job as Task, UnrecoverableError, WaitingError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { Value } from 'typebox/value'
import { TychoError } from '../problem.ts'
import { catalog, type TaskData, type TaskName } from './catalog.ts'
import { bulkQueue, queuePrefix, systemQueue, webhookQueue } from './queues.ts'

/**
 * `later`: the task is to be done again after a while, which costs no attempt; `handedBack`: at once, by another worker,
 * which costs none either.
 */
export type Outcome = { outcome: 'done' } | { outcome: 'later'; delayMs: number } | { outcome: 'handedBack' }

export type HandlerContext = {
  /** Counts from 1. */
  attempt: number
  maxAttempts: number
  /** After how many milliseconds the task is tried again if the handler throws. */
  retryAfterMs: number
  /** Aborts when the lock was lost: the task is another worker's by now. */
  lost: AbortSignal
  /** Aborts when the worker closes: the handler hands its task back at the next safe point. */
  closing: AbortSignal
}

/** An error that a handler throws makes the queue repeat the task, as long as attempts remain. */
export type Handler<Name extends TaskName> = (
  data: TaskData<Name>,
  context: HandlerContext,
) => Promise<Outcome>

type HandlersOf<Names extends TaskName> = { [Name in Names]: Handler<Name> }

/** All tasks but those that wait for strangers. */
export type Handlers = HandlersOf<Exclude<TaskName, 'webhook.deliver'>>

export type WebhookHandlers = HandlersOf<'webhook.deliver'>

type SomeHandlers = Partial<HandlersOf<TaskName>>

export type ConsumeOptions = {
  prefix: string
  /** Tasks that are done at the same time: so many for which somebody waits, and as many others beside them. */
  concurrency: number
  onError: (error: Error) => void
  /** Told of each run of a task, with how it went; `failed`: the handler threw. */
  onRun?: (run: TaskRun) => void
}

export type TaskRun = {
  task: string
  outcome: Outcome['outcome'] | 'failed'
  durationMs: number
}

export type Consumer = AsyncDisposable & {
  /** Waits until the worker takes tasks. */
  ready(): Promise<void>
  isRunning(): boolean
}

/** A dead worker's task runs elsewhere after this and `stalledInterval`. */
const lockDurationMs = 5_000
/** Long before it ends: a worker on a busy machine that comes a few seconds late is not taken for dead. */
const lockRenewMs = 1_500
const stalledIntervalMs = 2_000

/** A stall says that a worker died, not that the task is bad; its deadline ends a task that kills every worker. */
const maxStalledCount = 1_000

/** Nobody is waited for longer than this at once. */
const longestAskedSeconds = 60

const backoffMs = { first: 500, cap: 30_000 }

/** `redis` must have `maxRetriesPerRequest: null`; it stays its owner's to close. */
export function consumeTasks(redis: Redis, handlers: Handlers, options: ConsumeOptions): Consumer {
  // Slots of their own: what somebody waits for never stands behind what came by the hundred.
  return consume([systemQueue, bulkQueue], redis, handlers, options)
}

/** The same for the queue of webhooks, with slots of its own: a receiver that is slow occupies nobody else's. */
export function consumeWebhooks(redis: Redis, handlers: WebhookHandlers, options: ConsumeOptions): Consumer {
  return consume([webhookQueue], redis, handlers, options)
}

function consume(
  queues: readonly string[],
  redis: Redis,
  handlers: SomeHandlers,
  options: ConsumeOptions,
): Consumer {
  const closing = new AbortController()
  const workers = queues.map((queue) => createQueueWorker(queue, redis, handlers, options, closing.signal))
  return {
    async ready() {
      await Promise.all(workers.map((worker) => worker.waitUntilReady()))
    },
    isRunning: () => workers.every((worker) => worker.isRunning()),
    async [Symbol.asyncDispose]() {
      closing.abort()
      await Promise.all(workers.map((worker) => worker.close()))
    },
  }
}

function createQueueWorker(
  queue: string,
  redis: Redis,
  handlers: SomeHandlers,
  options: ConsumeOptions,
  closing: AbortSignal,
): Worker<TaskData> {
  const { onRun = () => {} } = options
  const worker = new Worker<TaskData>(
    queue,
    // Three declared parameters: only then is there a signal.
    (task, token, lost) => run(task, token, { lost: lost ?? never, closing }, handlers, onRun),
    {
      connection: redis,
      prefix: queuePrefix(options.prefix),
      concurrency: options.concurrency,
      lockDuration: lockDurationMs,
      lockRenewTime: lockRenewMs,
      stalledInterval: stalledIntervalMs,
      maxStalledCount,
      settings: {
        backoffStrategy: (attemptsMade, _type, error, task) =>
          pauseAfter(error, backoff(task?.id ?? '', attemptsMade)),
      },
    },
  )
  worker.on('error', options.onError)
  worker.on('lockRenewalFailed', (ids) => {
    for (const id of ids) worker.cancelJob(id, 'the lock was lost')
  })
  return worker
}

async function run(
  task: Task<TaskData>,
  token: string | undefined,
  signals: Pick<HandlerContext, 'lost' | 'closing'>,
  handlers: SomeHandlers,
  onRun: (run: TaskRun) => void,
): Promise<void> {
  const attempt = task.attemptsMade + 1
  const context = {
    attempt,
    maxAttempts: task.opts.attempts ?? 1,
    retryAfterMs: backoff(task.id ?? '', attempt),
    ...signals,
  }
  const outcome = await timed(task.name, onRun, () => handle(task, handlers, context))
  switch (outcome.outcome) {
    case 'done':
      return
    case 'later':
      await task.moveToDelayed(Date.now() + outcome.delayMs, token)
      throw new DelayedError()
    case 'handedBack':
      await task.moveToWait(token)
      throw new WaitingError()
    default:
      outcome satisfies never
  }
}

async function timed(
  name: string,
  onRun: (run: TaskRun) => void,
  act: () => Promise<Outcome>,
): Promise<Outcome> {
  const startedAt = performance.now()
  const task = isTaskName(name) ? name : 'unknown'
  const tell = (outcome: TaskRun['outcome']) =>
    onRun({ task, outcome, durationMs: performance.now() - startedAt })
  try {
    const outcome = await act()
    tell(outcome.outcome)
    return outcome
  } catch (error) {
    tell('failed')
    throw error
  }
}

const never = new AbortController().signal

function handle({ id, name, data }: Task<TaskData>, handlers: SomeHandlers, context: HandlerContext) {
  if (!isTaskName(name)) throw unknownTask(id, name)
  return handleAs(name, id, data, handlers, context)
}

function handleAs<Name extends TaskName>(
  name: Name,
  id: string | undefined,
  data: unknown,
  handlers: SomeHandlers,
  context: HandlerContext,
): Promise<Outcome> {
  const handler: Handler<Name> | undefined = handlers[name]
  if (!handler || !isDataOf(name, data)) throw unknownTask(id, name)
  return handler(data, context)
}

function isDataOf<Name extends TaskName>(name: Name, data: unknown): data is TaskData<Name> {
  return Value.Check(catalog[name], data)
}

function unknownTask(id: string | undefined, name: string): UnrecoverableError {
  return new UnrecoverableError(`task ${id} (${name}) is not one that this version knows`)
}

function isTaskName(name: string): name is TaskName {
  return name in catalog
}

/** Milliseconds until a task that failed is tried again: no less than who refused it has asked for (`Retry-After`). */
export function pauseAfter(error: unknown, backoffMs: number): number {
  const seconds = error instanceof TychoError ? (error.retryAfterSeconds ?? 0) : 0
  return Math.max(backoffMs, Math.min(seconds, longestAskedSeconds) * 1_000)
}

/**
 * Milliseconds until a task that has failed so often is tried again: doubling from half a second to half a minute, of
 * which up to a half is left out, by the task's id, so that tasks that failed together are not all tried together.
 */
export function backoff(task: string, attemptsMade: number): number {
  const full = Math.min(backoffMs.cap, backoffMs.first * 2 ** (attemptsMade - 1))
  const spread = createHash('sha1').update(`${task}#${attemptsMade}`).digest().readUInt16BE() / 65_536
  return Math.round(full / 2 + (spread * full) / 2)
}
