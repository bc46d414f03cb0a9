// Requests and answers about jobs.
import { type Static, Type } from 'typebox'
import { Job, JobKind, JobStatus } from '../../jobs/job.ts'
import { pageQuery, waitQuery } from './queries.ts'

export { Job, JobKind, JobStatus } from '../../jobs/job.ts'

export const JobPage = Type.Object({
  jobs: Type.Array(Job),
  nextPageToken: Type.Optional(Type.String({ description: 'Absent on the last page' })),
})
export type JobPage = Static<typeof JobPage>

export const JobParams = Type.Object({ id: Type.String({ maxLength: 100 }) })

export const JobQuery = Type.Object(waitQuery, { additionalProperties: false })

export const JobsQuery = Type.Object(
  {
    ...pageQuery,
    status: Type.Optional(JobStatus),
    kind: Type.Optional(JobKind),
    system: Type.Optional(Type.String({ description: 'Name of the system' })),
    batch: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Id of the batch' })),
  },
  { additionalProperties: false },
)
export type JobsQuery = Static<typeof JobsQuery>
