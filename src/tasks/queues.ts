// Puts tasks in the queue, each at most once: its id says which job, which verb and which round.
import { createHash } from 'node:crypto'
import { Queue, type Job as Task } from 'bullmq'
import type { Redis } from 'ioredis'
import type { DeliveryRecord } from '../jobs/delivery.ts'
import type { JobRecord } from '../jobs/job.ts'
import { taskId } from '../jobs/transitions.ts'
import {
  nameOf,
  type PrepareTask,
  type StrayTask,
  type SystemTask,
  type TaskData,
  type WebhookTask,
} from './catalog.ts'
import { type QueueDepth, readDepth } from './depth.ts'

/** The queue of tasks for which somebody waits, and that of the many which give way to those. */
export const systemQueue = 'system'
export const bulkQueue = 'bulk'

/** The queue of attempts at webhooks, which wait for strangers. */
export const webhookQueue = 'webhook'

/** BullMQ's keys stand below the store's prefix, in the same cluster slot. */
export const queuePrefix = (prefix: string) => `${prefix}:tasks`

export type Tasks = AsyncDisposable & {
  /** Puts the task that the job asks for in the queue; nothing if it asks for none or has it already. */
  enqueue(job: JobRecord): Promise<void>
  /** The same for a job whose task may have been lost or given up; true if it had none that is still to be done. */
  restore(job: JobRecord): Promise<boolean>
  /** Whether the job's task is in the queue, or being done. */
  isUnderWay(job: JobRecord): Promise<boolean>
  /**
   * How many tasks of its queue are begun before the job's, itself included; null where it is not waiting in one, or
   * stands so far back that it says nothing.
   */
  positionOf(job: JobRecord): Promise<number | null>
  /** Puts the removal of these stray objects (uids) in the queue; asking again while it is there changes nothing. */
  removeStrays(objects: readonly string[]): Promise<void>
  /**
   * Puts the next step of pulling images beforehand in the queue; one that waits there is to be done at once. Asking again
   * while it is under way changes nothing.
   */
  prepareImages(preparation: string): Promise<void>
  /** The same for one whose task may have been lost; true if it had none that is still to be done. */
  restorePreparation(preparation: string): Promise<boolean>
  /** How full each queue is. */
  depths(): Promise<QueueDepth[]>
  /** Puts the attempts at these deliveries in the queue; nothing for those that are there. */
  deliver(deliveries: readonly DeliveryRef[]): Promise<void>
  /** The same for one whose task may have been lost or given up; true if it had none that is still to be done. */
  restoreDelivery(delivery: DeliveryRef): Promise<boolean>
}

export type DeliveryRef = Pick<DeliveryRecord, 'id' | 'round'>

export type TasksOptions = { prefix: string; onError: (error: Error) => void }

/** How many ended tasks are kept for whoever looks into the queue. */
const kept = { count: 1000, age: 3600 }

/** How many waiting tasks are looked through for the place of one. */
const furthestPosition = 10_000

/** What a receiver refuses is no error of a task; what is left are our own, mostly of Redis. */
const deliveryErrors = 10

/** Of our own, mostly of Redis; the sweeper gives it again. */
const prepareErrors = 5

/** No job remembers them: the next report of strays shows what is left. */
const strayAttempts = 5

/** `redis` stays its owner's to close. */
export function createTasks(redis: Redis, options: TasksOptions): Tasks {
  const interactive = openQueue(redis, systemQueue, options)
  const bulk = openQueue(redis, bulkQueue, options)
  const webhooks = openQueue(redis, webhookQueue, options)
  const queues = [interactive, bulk, webhooks]
  const queueOf = ({ origin }: JobRecord) => (origin.priority === 'batch' ? bulk : interactive)

  const enqueue = async (job: JobRecord) => {
    if (!job.task) return
    const data: SystemTask = { schema: 1, job: job.id, round: job.task.round }
    await queueOf(job).add(nameOf(job.task), data, {
      jobId: taskId(job.id, job.task),
      attempts: job.maxAttempts,
      backoff: { type: 'capped' },
      removeOnComplete: kept,
      removeOnFail: kept,
    })
  }

  const taskOf = async (job: JobRecord) => job.task && queueOf(job).getJob(taskId(job.id, job.task))

  const isUnderWay = async (job: JobRecord) => isStillToDo(await taskOf(job))

  const restore = async (job: JobRecord) => {
    if (!job.task) return false
    const task = await taskOf(job)
    if (await isStillToDo(task)) return false
    await task?.remove()
    await enqueue(job)
    return true
  }

  const positionOf = async (job: JobRecord) => {
    if (!job.task) return null
    // Tasks are taken from the end of the list: it is looked through from there, and only so far.
    const waiting = queueOf(job).toKey('wait')
    const [at, length] = await Promise.all([
      redis.lpos(waiting, taskId(job.id, job.task), 'RANK', -1, 'MAXLEN', furthestPosition),
      redis.llen(waiting),
    ])
    return at === null ? null : Math.max(1, length - at)
  }

  const removeStrays = async (objects: readonly string[]) => {
    const data: StrayTask = { schema: 1, objects: objects.toSorted() }
    await interactive.add('stray.remove', data, {
      jobId: `strays.${createHash('sha256').update(data.objects.join()).digest('hex').slice(0, 32)}`,
      attempts: strayAttempts,
      backoff: { type: 'capped' },
      removeOnComplete: true,
      removeOnFail: true,
    })
  }

  return {
    enqueue,
    isUnderWay,
    restore,
    positionOf,
    removeStrays,
    ...prepareTasks(interactive),
    ...webhookTasks(webhooks),
    depths: () => Promise.all(queues.map(readDepth)),
    async [Symbol.asyncDispose]() {
      await Promise.all(queues.map((queue) => queue.close()))
    },
  }
}

/** A step comes back by itself until there is nothing more to do; what a cluster refuses is no error of the task. */
function prepareTasks(queue: Queue<TaskData>): Pick<Tasks, 'prepareImages' | 'restorePreparation'> {
  const idOf = (preparation: string) => `images.${preparation}`
  const add = async (preparation: string) => {
    const data: PrepareTask = { schema: 1, preparation }
    await queue.add('images.prepare', data, {
      jobId: idOf(preparation),
      attempts: prepareErrors,
      backoff: { type: 'capped' },
      removeOnComplete: true,
      removeOnFail: true,
    })
  }
  return {
    async prepareImages(preparation) {
      const task = await queue.getJob(idOf(preparation))
      // It may be taken up, or done, at this moment: then it sees what is asked by itself, or is given again.
      if (await task?.isDelayed()) await task?.promote().catch(() => {})
      else await add(preparation)
    },
    async restorePreparation(preparation) {
      if (await queue.getJob(idOf(preparation))) return false
      await add(preparation)
      return true
    },
  }
}

function webhookTasks(queue: Queue<TaskData>): Pick<Tasks, 'deliver' | 'restoreDelivery'> {
  const deliver = async (deliveries: readonly DeliveryRef[]) => {
    if (deliveries.length > 0) await queue.addBulk(deliveries.map(toWebhookTask))
  }
  return {
    deliver,
    async restoreDelivery(delivery) {
      const task = await queue.getJob(webhookTaskId(delivery))
      if (await isStillToDo(task)) return false
      await task?.remove()
      await deliver([delivery])
      return true
    },
  }
}

async function isStillToDo(task: Task<TaskData> | null | undefined): Promise<boolean> {
  return !!task && !(await task.isCompleted()) && !(await task.isFailed())
}

/** One task goes through the whole schedule; a redelivery has another. */
function webhookTaskId({ id, round }: DeliveryRef): string {
  return `${id}.${round}`
}

function toWebhookTask(delivery: DeliveryRef) {
  const data: WebhookTask = { schema: 1, delivery: delivery.id }
  return {
    name: 'webhook.deliver',
    data,
    opts: {
      jobId: webhookTaskId(delivery),
      attempts: deliveryErrors,
      backoff: { type: 'capped' },
      removeOnComplete: true,
      removeOnFail: true,
    },
  }
}

function openQueue(redis: Redis, name: string, { prefix, onError }: TasksOptions): Queue<TaskData> {
  const queue = new Queue<TaskData>(name, {
    connection: redis,
    prefix: queuePrefix(prefix),
    // Without these a queue that is made while Redis is away is unusable for good.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  })
  queue.on('error', onError)
  return queue
}
