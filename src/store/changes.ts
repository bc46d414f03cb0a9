// Tells listeners which job changed, over one subscription per process.
import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'

export type Changes = AsyncDisposable & {
  /** Calls back at each change of a job; answers how to stop. */
  onJob(id: string, listener: () => void): () => void
  /** Calls back when a task that a worker holds is taken from it, or its job is to be canceled; answers how to stop. */
  onInterrupt(id: string, listener: () => void): () => void
  /** Calls back with the sid of each job that begins to wait. */
  onWaiting(listener: (sid: string) => void): () => void
  /** Calls back when the connection is back after a break, in which what is told here was lost. */
  onMissed(listener: () => void): () => void
}

/** `subscriber` is a connection of its own: a subscribed one can do nothing else. */
export async function createChanges(subscriber: Redis, keys: Keys): Promise<Changes> {
  const jobs = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const interrupts = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const waiting = new EventEmitter<{ sid: [string] }>().setMaxListeners(0)
  subscriber.on('message', (channel: string, message: string) => {
    if (channel === keys.jobChanged) jobs.emit(message)
    else if (channel === keys.jobInterrupted) interrupts.emit(message)
    else if (channel === keys.jobWaits) waiting.emit('sid', message)
  })
  const missed = new EventEmitter<{ missed: [] }>().setMaxListeners(0)
  const subscribe = () => subscriber.subscribe(keys.jobChanged, keys.jobInterrupted, keys.jobWaits)
  // Subscribing waits for Redis, and must not keep the process from starting without it.
  subscribe().catch(() => {})
  // The library subscribes again by itself, but does not say when; asked once more, it answers when it has.
  let wasReady = subscriber.status === 'ready'
  const tellMissed = () => {
    if (!wasReady) {
      wasReady = true
      return
    }
    subscribe().then(
      () => missed.emit('missed'),
      () => {},
    )
  }
  subscriber.on('ready', tellMissed)
  return {
    onJob(id, listener) {
      jobs.on(id, listener)
      return () => jobs.off(id, listener)
    },
    onInterrupt(id, listener) {
      interrupts.on(id, listener)
      return () => interrupts.off(id, listener)
    },
    onWaiting(listener) {
      waiting.on('sid', listener)
      return () => waiting.off('sid', listener)
    },
    onMissed(listener) {
      missed.on('missed', listener)
      return () => missed.off('missed', listener)
    },
    async [Symbol.asyncDispose]() {
      subscriber.off('ready', tellMissed)
      missed.removeAllListeners()
      jobs.removeAllListeners()
      interrupts.removeAllListeners()
      waiting.removeAllListeners()
    },
  }
}
