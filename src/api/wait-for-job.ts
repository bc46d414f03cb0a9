// Waiting for a job without a loop in the client: by its changes, with a slow poll where a message is lost.
import type { JobRecord } from '../jobs/job.ts'
import type { Store } from '../store/store.ts'

export type WaitOptions = {
  until: (job: JobRecord) => boolean
  timeoutMs: number
  /** Each ends the wait early; the answer is the job as it is then. */
  signals: AbortSignal[]
}

/** How often the job is read although nobody said that it changed: messages are not kept for whoever reconnects. */
const pollMs = 5_000

/**
 * Answers the job once `until` holds, or as it is when the time is over. Null: there is no such job. The listener is
 * there before the first read, so no change between a read and the wait is missed.
 */
export async function waitForJob(store: Store, id: string, options: WaitOptions): Promise<JobRecord | null> {
  const deadline = Date.now() + options.timeoutMs
  const bell = createBell(options.signals)
  const stop = store.changes.onJob(id, bell.ring)
  try {
    for (;;) {
      const job = await store.works.job(id)
      const leftMs = deadline - Date.now()
      if (!job || options.until(job) || leftMs <= 0 || bell.isOver()) return job
      await bell.rung(Math.min(leftMs, pollMs))
    }
  } finally {
    stop()
    bell.dispose()
  }
}

/** Rings may come while nobody waits; the next wait then ends at once. */
function createBell(signals: AbortSignal[]) {
  let pending = false
  let wake: (() => void) | null = null
  const ring = () => {
    pending = true
    wake?.()
  }
  for (const signal of signals) signal.addEventListener('abort', ring)
  return {
    ring,
    async rung(forMs: number): Promise<void> {
      if (!pending) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, forMs)
        await promise
        clearTimeout(timer)
        wake = null
      }
      pending = false
    },
    isOver: () => signals.some((signal) => signal.aborted),
    dispose() {
      for (const signal of signals) signal.removeEventListener('abort', ring)
    },
  }
}
