// One poll of a job: at once, after a wait, or that nothing has changed. A client may ask as often as it likes: as long
// as it knows the newest revision, no more than that is read.
import type { FastifyReply } from 'fastify'
import type { Job, JobRecord } from '../jobs/job.ts'
import { toJob } from '../jobs/job-view.ts'
import { isDone } from '../jobs/transitions.ts'
import type { JobHead } from '../store/heads.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { matchesEtag, pollHeaders, waitSignals } from './job-answer.ts'
import { waitForJob } from './wait-for-job.ts'

/** `known`: the header `If-None-Match`. */
export type Poll = { id: string; tenant: string; known: string | undefined; waitMs: number }

/** The body of the answer; null: nothing has changed. Throws JOB_NOT_FOUND (404). */
export async function answerPoll(context: ApiContext, reply: FastifyReply, poll: Poll): Promise<Job | null> {
  if (poll.known !== undefined && poll.waitMs === 0) {
    const head = await context.store.works.head(poll.id)
    if (head && isOwn(head, poll) && matchesEtag(poll.known, head)) return unchanged(reply, head)
  }
  const job = await read(context, reply, poll)
  if (!job || !isOwn(job, poll)) throw apiError('JOB_NOT_FOUND', `There is no job ${poll.id}`)
  if (matchesEtag(poll.known, job)) return unchanged(reply, job)
  pollHeaders(reply, job)
  return withPosition(context, job)
}

function read(context: ApiContext, reply: FastifyReply, poll: Poll): Promise<JobRecord | null> {
  const { id, known, waitMs } = poll
  if (waitMs === 0) return context.store.works.job(id)
  return waitForJob(context.store, id, {
    until: (head) => !isOwn(head, poll) || isDone(head) || (known !== undefined && !matchesEtag(known, head)),
    timeoutMs: waitMs,
    signals: waitSignals(context, reply),
  })
}

const isOwn = (head: JobHead, poll: Poll) => head.tenant === poll.tenant

function unchanged(reply: FastifyReply, head: JobHead): null {
  pollHeaders(reply, head)
  return null
}

/** The place in the queue is outside of the revision: it changes with what others do. */
async function withPosition({ tasks, retentionMs }: ApiContext, job: JobRecord): Promise<Job> {
  const position = job.status === 'queued' ? await tasks.positionOf(job) : null
  return { ...toJob(job, retentionMs), ...(position !== null && { queuePosition: position }) }
}
