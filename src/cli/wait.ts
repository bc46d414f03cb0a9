// Waits for a job: long polls, through short absences of the server.
import { setTimeout as delay } from 'node:timers/promises'
import type { Client, TaggedJob } from '../client/client.ts'
import { RefusedError, UnreachableError } from '../client/errors.ts'
import type { Job } from '../client/shapes.ts'
import { PatienceError } from './exit-codes.ts'

/** How long a server may be away while a job is waited for: a restart, or a failover of Redis. */
const absenceMs = 60_000
const retryMs = 1_000

export type WaitOptions = {
  onChange(job: Job): void
  /** Once, when the server stops answering. */
  onAbsence(reason: string): void
  signal: AbortSignal
  /** Longest wait; null: until the job is done. */
  limitMs: number | null
}

/** The job when it is done. Throws PatienceError at the limit, the signal's reason, or what a poll throws. */
export async function waitForJob(client: Client, first: TaggedJob, options: WaitOptions): Promise<Job> {
  using limit = createLimit(options.limitMs)
  const signal = AbortSignal.any([options.signal, limit.signal])
  let { job, etag } = first
  options.onChange(job)
  while (!job.done) {
    const next = await pollPatiently(client, job.id, etag ?? `W/"${job.revision}"`, signal, options)
    if (!next) continue
    ;({ job, etag } = next)
    options.onChange(job)
  }
  return job
}

function createLimit(limitMs: number | null): Disposable & { signal: AbortSignal } {
  const controller = new AbortController()
  const message = `Not done after ${Math.round((limitMs ?? 0) / 1000)} s`
  const timer =
    limitMs === null ? undefined : setTimeout(() => controller.abort(new PatienceError(message)), limitMs)
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) }
}

async function pollPatiently(
  client: Client,
  id: string,
  etag: string,
  signal: AbortSignal,
  options: WaitOptions,
): Promise<TaggedJob | null> {
  for (let awaySince: number | null = null; ; ) {
    try {
      return await client.pollJob(id, etag, signal)
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
