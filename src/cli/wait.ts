// Waits for a job, or for what is done as jobs are: long polls, through short absences of the server.
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, TaggedJob } from '../client/client.ts'
import { RefusedError, UnreachableError } from '../client/errors.ts'
import type { Job } from '../client/shapes.ts'
import { PatienceError } from './exit-codes.ts'

/** How long a server may be away while a job is waited for: a restart, or a failover of Redis. */
const absenceMs = 60_000
const retryMs = 1_000

/** What is waited for, and the tag by which the next poll asks for a newer one. */
export type Tagged<Of> = { state: Of; etag: string | null }

/** Null: nothing has changed. */
export type Poll<Of> = (etag: string, signal: AbortSignal) => Promise<Tagged<Of> | null>

export type WaitOptions<Of> = {
  onChange(state: Of): void
  /** Once, when the server stops answering. */
  onAbsence(reason: string): void
  signal: AbortSignal
  /** Longest wait; null: until the job is done. */
  limitMs: number | null
}

/** See `waitUntilDone`. */
export function waitForJob(client: Client, first: TaggedJob, options: WaitOptions<Job>): Promise<Job> {
  return waitUntilDone(toTagged(first), pollOfJob(client, first.job.id), options)
}

export function pollOfJob(client: Client, id: string): Poll<Job> {
  return async (etag, signal) => {
    const next = await client.pollJob(id, etag, signal)
    return next && toTagged(next)
  }
}

export function toTagged({ job, etag }: TaggedJob): Tagged<Job> {
  return { state: job, etag }
}

/** As it is when it is done. Throws PatienceError at the limit, the signal's reason, or what a poll throws. */
export async function waitUntilDone<Of extends { done: boolean; revision: number }>(
  first: Tagged<Of>,
  poll: Poll<Of>,
  options: WaitOptions<Of>,
): Promise<Of> {
  using limit = createLimit(options.limitMs)
  const signal = AbortSignal.any([options.signal, limit.signal])
  let { state, etag } = first
  options.onChange(state)
  while (!state.done) {
    const next = await pollPatiently(poll, etag ?? `W/"${state.revision}"`, signal, options)
    if (!next) continue
    ;({ state, etag } = next)
    options.onChange(state)
  }
  return state
}

function createLimit(limitMs: number | null): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const message = `Not done after ${Math.round((limitMs ?? 0) / 1000)} s`
  const timer =
    limitMs === null ? undefined : setTimeout(() => controller.abort(new PatienceError(message)), limitMs)
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) }
}

async function pollPatiently<Of>(
  poll: Poll<Of>,
  etag: string,
  signal: AbortSignal,
  options: Pick<WaitOptions<Of>, 'onAbsence'>,
): Promise<Tagged<Of> | null> {
  for (let awaySince: number | null = null; ; ) {
    try {
      return await poll(etag, signal)
    } catch (error) {
      const now = Date.now()
      if (!isAbsence(error) || now - (awaySince ?? now) > absenceMs) throw error
      if (awaySince === null) options.onAbsence(error.message)
      awaySince ??= now
      await delay(retryMs, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}

function isAbsence(error: unknown): error is Error {
  return error instanceof UnreachableError || (error instanceof RefusedError && error.refusal.status === 503)
}
