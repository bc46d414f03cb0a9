// Tells listeners which job changed, over one subscription per process.
import { EventEmitter } from 'node:events'
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { type Holder, holderOf } from './records.ts'

export type Changes = AsyncDisposable & {
  /** Calls back at each change of a job; answers how to stop. */
  onJob(id: string, listener: () => void): () => void
  /** Calls back when a task that a worker holds is taken from it, or its job is to be canceled; answers how to stop. */
  onInterrupt(id: string, listener: () => void): () => void
  /** Calls back with the sid of each job that begins to wait. */
  onWaiting(listener: (sid: string) => void): () => void
  /** Calls back at each change of a system; answers how to stop. */
  onSystem(holder: Holder, listener: () => void): () => void
  /** Calls back at each change of a batch; answers how to stop. */
  onBatch(id: string, listener: () => void): () => void
  /** Calls back at each change of any batch; answers how to stop. */
  onAnyBatch(listener: () => void): () => void
  /** Calls back at each change of a preparation; answers how to stop. */
  onPreparation(id: string, listener: () => void): () => void
  /** Calls back at each event of a tenant; answers how to stop. */
  onEvent(tenant: string, listener: () => void): () => void
  /** Calls back at each event of anybody; answers how to stop. */
  onOutgoing(listener: () => void): () => void
  /** Calls back with the id of each token that is made or revoked. */
  onToken(listener: (id: string) => void): () => void
  /** Calls back when the connection is back after a break, in which what is told here was lost. */
  onMissed(listener: () => void): () => void
}

/** `subscriber` is a connection of its own: a subscribed one can do nothing else. */
export async function createChanges(subscriber: Redis, keys: Keys): Promise<Changes> {
  const jobs = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const interrupts = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const waiting = new EventEmitter<{ sid: [string] }>().setMaxListeners(0)
  const systems = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const batches = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const anyBatch = new EventEmitter<{ changed: [] }>().setMaxListeners(0)
  const preparations = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const events = new EventEmitter<Record<string, []>>().setMaxListeners(0)
  const outgoing = new EventEmitter<{ outgoing: [] }>().setMaxListeners(0)
  const tokens = new EventEmitter<{ id: [string] }>().setMaxListeners(0)
  subscriber.on('message', (channel: string, message: string) => {
    if (channel === keys.jobChanged) jobs.emit(message)
    else if (channel === keys.jobInterrupted) interrupts.emit(message)
    else if (channel === keys.jobWaits) waiting.emit('sid', message)
    else if (channel === keys.systemChanged) systems.emit(message)
    else if (channel === keys.preparationChanged) preparations.emit(message)
    else if (channel === keys.tokenChanged) tokens.emit('id', message)
    else if (channel === keys.batchChangedNow) {
      batches.emit(message)
      anyBatch.emit('changed')
    } else if (channel === keys.eventAdded) {
      events.emit(message)
      outgoing.emit('outgoing')
    }
  })
  const missed = new EventEmitter<{ missed: [] }>().setMaxListeners(0)
  const subscribe = () =>
    subscriber.subscribe(
      keys.jobChanged,
      keys.jobInterrupted,
      keys.jobWaits,
      keys.systemChanged,
      keys.batchChangedNow,
      keys.preparationChanged,
      keys.eventAdded,
      keys.tokenChanged,
    )
  // Subscribing waits for Redis, and must not keep the process from starting without it.
  subscribe().catch(() => {})
  // The library would subscribe again by itself, but says neither when nor, where the connection closes meanwhile, to
  // anybody who listens that it could not: that would end the process as a rejection nobody handles.
  subscriber.options.autoResubscribe = false
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
    onSystem(holder, listener) {
      const name = holderOf(holder)
      systems.on(name, listener)
      return () => systems.off(name, listener)
    },
    onBatch(id, listener) {
      batches.on(id, listener)
      return () => batches.off(id, listener)
    },
    onAnyBatch(listener) {
      anyBatch.on('changed', listener)
      return () => anyBatch.off('changed', listener)
    },
    onPreparation(id, listener) {
      preparations.on(id, listener)
      return () => preparations.off(id, listener)
    },
    onEvent(tenant, listener) {
      events.on(tenant, listener)
      return () => events.off(tenant, listener)
    },
    onOutgoing(listener) {
      outgoing.on('outgoing', listener)
      return () => outgoing.off('outgoing', listener)
    },
    onToken(listener) {
      tokens.on('id', listener)
      return () => tokens.off('id', listener)
    },
    onMissed(listener) {
      missed.on('missed', listener)
      return () => missed.off('missed', listener)
    },
    async [Symbol.asyncDispose]() {
      subscriber.off('ready', tellMissed)
      for (const emitter of [systems, batches, anyBatch, preparations, events, outgoing, tokens, missed])
        emitter.removeAllListeners()
      jobs.removeAllListeners()
      interrupts.removeAllListeners()
      waiting.removeAllListeners()
    },
  }
}
