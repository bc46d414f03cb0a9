// Answers that several routes declare.

import { Type } from 'typebox'
import type { Job } from '../../jobs/job.ts'
import { errorCodes } from '../error-codes.ts'
import { ref } from './components.ts'
import type { HttpProblem } from './http-problem.ts'
import { replayHeaders } from './idempotency.ts'

type Refusal = 400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 422 | 429 | 500 | 503

/** Responses for these statuses, and for those that every route of a tenant can have. */
export function refusals<Status extends Refusal>(...statuses: Status[]) {
  const all = [...new Set<Refusal>([...statuses, 401, 403, 429, 500, 503])]
  return Object.fromEntries(all.map((status) => [status, refusal(status)]))
}

function refusal(status: Refusal) {
  const codes = Object.entries(errorCodes).filter(([, row]) => row.status === status)
  return {
    description: codes.map(([code]) => code).join(', '),
    content: { 'application/problem+json': { schema: ref<HttpProblem>('HttpProblem', 'A refusal') } },
  }
}

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

/** The answer to a GET with `If-None-Match`. */
export const unchangedJob = Type.Unsafe<undefined>({
  description: 'The job is as `If-None-Match` knows it',
  type: 'null',
  headers: pollHeaders,
})

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
