// Answers that are a job: after the wait that was asked for, with the headers of polling.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Job, JobRecord } from '../jobs/job.ts'
import { toJob } from '../jobs/job-view.ts'
import { isDone } from '../jobs/transitions.ts'
import type { JobHead } from '../store/heads.ts'
import { isStoreOutage } from '../store/outage.ts'
import type { ApiContext } from './context.ts'
import { parsePrefer } from './prefer.ts'
import { waitForJob } from './wait-for-job.ts'

const maxWaitSeconds = 60
const pollAfterSeconds = 1

/** The wait of a request in milliseconds; says in the answer which preference was honoured. */
export function waitMsOf(request: FastifyRequest, reply: FastifyReply, query: { wait?: number }): number {
  if (query.wait !== undefined) return Math.min(query.wait, maxWaitSeconds) * 1000
  const { waitSeconds } = parsePrefer(request.headers.prefer)
  if (waitSeconds === null) return 0
  const seconds = Math.min(waitSeconds, maxWaitSeconds)
  reply.header('preference-applied', `wait=${seconds}`)
  return seconds * 1000
}

/** What ends a wait before its time: the server closes, or the client is gone. */
export function waitSignals(context: ApiContext, reply: FastifyReply): AbortSignal[] {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return [context.closing, gone.signal]
}

/** Waits for the end of a job that this request has made. The answer does not hang on it: the job is accepted. */
export async function waitForEnd(
  context: ApiContext,
  reply: FastifyReply,
  job: JobRecord,
  timeoutMs: number,
): Promise<JobRecord> {
  if (timeoutMs === 0) return job
  const options = { until: isDone, timeoutMs, signals: waitSignals(context, reply) }
  try {
    return (await waitForJob(context.store, job.id, options)) ?? job
  } catch (error) {
    if (!isStoreOutage(error)) throw error
    return job
  }
}

/** Weak: the same job may be written in other bytes. */
export function etagOf(job: Pick<JobRecord, 'revision'>): string {
  return `W/"${job.revision}"`
}

/** RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`. */
export function matchesEtag(header: string | undefined, job: Pick<JobRecord, 'revision'>): boolean {
  if (header === undefined) return false
  if (header === etagOf(job)) return true
  const opaque = `"${job.revision}"`
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === opaque)
}

/** Headers of every answer that is a job or says that it did not change. */
export function pollHeaders(reply: FastifyReply, job: JobHead): FastifyReply {
  reply.header('etag', etagOf(job)).header('cache-control', 'no-store')
  return isDone(job) ? reply : reply.header('retry-after', pollAfterSeconds)
}

/** The body of an answer to a wish about a job that exists: 202 while the job goes on, 200 once it is done. */
export function answeredJob(context: ApiContext, reply: FastifyReply, job: JobRecord): Job {
  if (!isDone(job)) return acceptedJob(context, reply, job)
  pollHeaders(reply, job).code(200)
  return toJob(job, context.retentionMs)
}

/** The body of a 202, with its headers. */
export function acceptedJob(context: ApiContext, reply: FastifyReply, job: JobRecord): Job {
  pollHeaders(reply, job).code(202).header('location', `/v1/jobs/${job.id}`)
  return toJob(job, context.retentionMs)
}
