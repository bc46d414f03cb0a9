// What is not counted here but read from Redis when somebody asks: the same in every process.
import type { Instruments } from './instruments.ts'

export type QueueReading = {
  queue: string
  waiting: number
  active: number
  delayed: number
  /** For how long the oldest task that waits has been ready, in milliseconds; 0 where none waits. */
  oldestWaitingMs: number
}

export type Reading = {
  queues: QueueReading[]
  /** Jobs that have a task to be done, and jobs that wait for the cluster. */
  jobs: { task: number; waiting: number }
  systems: number
  workers: number
  /** Null: no worker has looked lately. */
  isClusterReachable: boolean | null
  batches: number
  outbox: number
}

/** Prometheus gives up after ten seconds by default; a Redis that is away must not cost a scrape its other metrics. */
const patienceMs = 2_000

/** Reads and sets; what could not be read is told as not known, and not as it was. Never throws. */
export async function setReadings(
  instruments: Instruments,
  read: (() => Promise<Reading>) | null,
): Promise<void> {
  if (!read) return
  const reading = await inTime(read).catch(() => null)
  instruments.redisUp.set(reading ? 1 : 0)
  instruments.tasks.inQueue.reset()
  instruments.tasks.oldest.reset()
  instruments.jobs.pending.reset()
  instruments.systems.set(reading?.systems ?? Number.NaN)
  instruments.batches.set(reading?.batches ?? Number.NaN)
  instruments.workers.set(reading?.workers ?? Number.NaN)
  instruments.webhooks.outbox.set(reading?.outbox ?? Number.NaN)
  instruments.cluster.up.set(toNumber(reading?.isClusterReachable ?? null))
  if (!reading) return
  instruments.jobs.pending.set({ state: 'task' }, reading.jobs.task)
  instruments.jobs.pending.set({ state: 'waiting' }, reading.jobs.waiting)
  for (const one of reading.queues) setQueue(instruments.tasks, one)
}

function setQueue({ inQueue, oldest }: Instruments['tasks'], { queue, ...one }: QueueReading): void {
  inQueue.set({ queue, state: 'waiting' }, one.waiting)
  inQueue.set({ queue, state: 'active' }, one.active)
  inQueue.set({ queue, state: 'delayed' }, one.delayed)
  oldest.set({ queue }, one.oldestWaitingMs / 1000)
}

function toNumber(is: boolean | null): number {
  return is === null ? Number.NaN : Number(is)
}

async function inTime<T>(read: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('no answer in time')), patienceMs)
  try {
    return await Promise.race([read(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
