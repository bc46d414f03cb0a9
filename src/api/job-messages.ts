// What is told of a job to whoever follows it: its state at each change, and that it is done.
import { toJob } from '../jobs/job-view.ts'
import { isDone } from '../jobs/transitions.ts'
import type { ApiContext } from './context.ts'
import type { StreamMessage } from './event-stream.ts'
import { follow } from './follow.ts'
import { shareInTick } from './share-in-tick.ts'

export type JobMessages = (id: string, signal: AbortSignal) => AsyncGenerator<StreamMessage>

/** The state is read, and its text written, once for all who follow the same job. */
export function createJobMessages({ store, retentionMs }: ApiContext): JobMessages {
  const read = shareInTick(async (id) => {
    const job = await store.works.job(id)
    const data = JSON.stringify(job && toJob(job, retentionMs))
    return job && { revision: job.revision, isLast: isDone(job), data }
  })
  return async function* messages(id, signal) {
    const states = follow({
      store,
      read: () => read(id),
      listen: (ring) => store.changes.onJob(id, ring),
      isLast: (state) => state.isLast,
      signal,
    })
    for await (const { revision, isLast, data } of states) {
      yield { id: `${revision}`, event: 'job', data }
      if (isLast) yield { id: `${revision}`, event: 'done', data }
    }
  }
}
