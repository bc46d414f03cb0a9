// Jobs: read, poll, list, cancel.
import { type Connection, listOf, longPollSeconds, newerThan } from './connection.ts'
import type { Job, JobPage, JobsQuery } from './shapes.ts'

/** A job, and the tag by which the next poll asks for a newer one. */
export type TaggedJob = { job: Job; etag: string | null }

export type JobsFilter = {
  [Key in 'status' | 'kind' | 'system' | 'batch']?: JobsQuery[Key] | undefined
}

export function jobRequests(connection: Connection) {
  const { ask } = connection
  return {
    async job(id: string): Promise<TaggedJob> {
      return toTaggedJob(await ask({ method: 'GET', path: jobPath(id) }))
    },

    /** Answers when the job is done or differs from `etag`, or after half a minute: then null where nothing changed. */
    async pollJob(id: string, etag: string | null, signal?: AbortSignal): Promise<TaggedJob | null> {
      const path = `${jobPath(id)}?wait=${longPollSeconds}`
      const answer = await ask({ method: 'GET', path, headers: newerThan(etag), signal })
      return answer.status === 304 ? null : toTaggedJob(answer)
    },

    /** Newest first, at most `limit`; of a batch the newest of each member, in the order of the request. */
    jobs(filter: JobsFilter, limit: number | null): Promise<Job[]> {
      return listOf<JobPage, Job>(connection, '/v1/jobs', { filter, limit }, ({ jobs }) => jobs)
    },

    /** Answers the job as it is then: done, or on its way to it. */
    async cancelJob(id: string, signal?: AbortSignal): Promise<TaggedJob> {
      return toTaggedJob(await ask({ method: 'POST', path: `${jobPath(id)}/cancel`, signal }))
    },
  }
}

export function toTaggedJob({ headers, body }: { headers: Headers; body: unknown }): TaggedJob {
  return { job: body as Job, etag: headers.get('etag') }
}

function jobPath(id: string): string {
  return `/v1/jobs/${encodeURIComponent(id)}`
}
