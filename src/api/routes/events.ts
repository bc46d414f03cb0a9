// Streams of events: of a job.
import type { JobRecord } from '../../jobs/job.ts'
import { toJob } from '../../jobs/job-view.ts'
import { isDone } from '../../jobs/transitions.ts'
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { openEventStream, type StreamMessage, type StreamRequest } from '../event-stream.ts'
import { follow } from '../follow.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { eventStream, refusals } from '../schemas/answers.ts'
import { JobParams } from '../schemas/job.ts'
import { EventHeaders, NoQuery } from '../schemas/queries.ts'
import { shareInTick } from '../share-in-tick.ts'

export async function eventRoutes(scope: App, context: ApiContext): Promise<void> {
  addJobEvents(scope, context)
}

/** A state as it is told: its text is written once for all who follow the same thing. */
type Told = { revision: number; isLast: boolean; data: string }

function addJobEvents(scope: App, context: ApiContext): void {
  const { works, changes } = context.store
  const readJob = shareInTick(async (id) => {
    const job = await works.job(id)
    return job && toTold(job, context.retentionMs)
  })
  async function* messages(id: string, { signal }: StreamRequest): AsyncGenerator<StreamMessage> {
    const states = follow({
      store: context.store,
      read: () => readJob(id),
      listen: (ring) => changes.onJob(id, ring),
      isLast: (state) => state.isLast,
      signal,
    })
    for await (const { revision, isLast, data } of states) {
      yield { id: `${revision}`, event: 'job', data }
      if (isLast) yield { id: `${revision}`, event: 'done', data }
    }
  }
  scope.get(
    '/jobs/:id/events',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Follow a job: its present state, then each newer one; the last event is `done`',
        params: JobParams,
        querystring: NoQuery,
        headers: EventHeaders,
        response: {
          200: eventStream('Events `job` and `done`, each with the job; `id` is its revision'),
          ...refusals(400, 404, 406),
        },
      },
    },
    (request, reply) =>
      openEventStream(context, request, reply, async (stream) => {
        const { id } = request.params
        const job = await works.job(id)
        if (job?.tenant !== tenantOf(request).name) throw apiError('JOB_NOT_FOUND', `There is no job ${id}`)
        return messages(id, stream)
      }),
  )
}

function toTold(job: JobRecord, retentionMs: number): Told {
  return { revision: job.revision, isLast: isDone(job), data: JSON.stringify(toJob(job, retentionMs)) }
}
