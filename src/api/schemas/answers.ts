// Answers that several routes declare.
import { Type } from 'typebox'
import type { Job } from '../../jobs/job.ts'
import { ref } from './components.ts'
import { replayHeaders } from './idempotency.ts'

export const pollHeaders = {
  ETag: { type: 'string', description: 'The revision, weak' },
  'Retry-After': { type: 'integer', description: 'Seconds until the next poll; absent once the job is done' },
}

export const shownJob = {
  description: 'The job',
  headers: pollHeaders,
  content: { 'application/json': { schema: ref<Job>('Job', 'The job') } },
}

/** Where an answer says in `Location` what it is about. */
export const jobLocation = { type: 'string', description: 'Where the job is polled' }

export const acceptedAnswer = {
  ...shownJob,
  description: 'Accepted: the job',
  headers: { ...pollHeaders, Location: jobLocation },
}

/** The answer to a GET with `If-None-Match`; `what` it is of. Null would be sent as JSON, and a 304 has no body. */
export function unchanged(what: string) {
  return Type.Unsafe<undefined>({
    description: `${what} is as \`If-None-Match\` knows it`,
    type: 'null',
    headers: pollHeaders,
  })
}

/** An answer of server-sent events; `about` says which. */
export function eventStream(about: string) {
  return { description: about, content: { 'text/event-stream': { schema: { type: 'string' } } } }
}

/** The same of a POST that honours an `Idempotency-Key`. */
export const createdAnswer = {
  ...acceptedAnswer,
  description:
    'Accepted: the job; or the one that the first request with the `Idempotency-Key` made, as it is now',
  headers: { ...acceptedAnswer.headers, ...replayHeaders },
}
