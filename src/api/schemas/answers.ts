// Answers that several routes declare.

import { Type } from 'typebox'
import type { Job } from '../../jobs/job.ts'
import { type ErrorCode, errorCodes } from '../error-codes.ts'
import { ref } from './components.ts'
import type { HttpProblem } from './http-problem.ts'
import { replayHeaders } from './idempotency.ts'

type Refusal = 400 | 401 | 403 | 404 | 406 | 409 | 413 | 415 | 422 | 429 | 500 | 503

/** Not of a route: where it is answered, there is none. */
const besideRoutes: readonly string[] = ['ROUTE_NOT_FOUND'] satisfies ErrorCode[]

/**
 * Responses for these refusals, and for those that every route of a tenant can have. A code stands for itself, a status
 * for every code that has it.
 */
export function refusals(...given: (Refusal | ErrorCode)[]) {
  const codes = given.filter((one) => typeof one === 'string')
  const statuses = given.filter((one) => typeof one === 'number')
  const of = (status: Refusal) => codes.filter((code) => errorCodes[code].status === status)
  const all = new Set<Refusal>([...statuses, 401, 403, 429, 500, 503])
  const ofCodes = [...new Set(codes.map((code) => errorCodes[code].status))] as Refusal[]
  return Object.fromEntries([
    ...[...all].map((status) => [status, refusal(status)] as const),
    ...ofCodes
      .filter((status) => !all.has(status))
      .map((status) => [status, refusal(status, of(status))] as const),
  ])
}

/** `codes`: those that the route can answer; left out: all of the status. */
export function refusal(status: Refusal, codes = codesOf(status)) {
  const problem = ref<HttpProblem>('HttpProblem', 'A refusal')
  const code = Type.Object({ code: Type.Enum(codes) })
  return {
    description: codes.join(', '),
    content: { 'application/problem+json': { schema: { allOf: [problem, code] } } },
  }
}

function codesOf(status: Refusal): string[] {
  const ofStatus = Object.entries(errorCodes).filter(([, row]) => row.status === status)
  return ofStatus.map(([code]) => code).filter((code) => !besideRoutes.includes(code))
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
