// How refusals are described as answers: one for each status, with the codes that it can have.
import { Type } from 'typebox'
import type { ErrorCode } from '../error-codes.ts'
import { ref } from '../schemas/components.ts'
import type { HttpProblem } from '../schemas/http-problem.ts'
import type { OriginalError } from '../schemas/original.ts'

/** Of the routes of this API: RFC 9457. */
export function problemAnswer(codes: readonly ErrorCode[]) {
  const problem = ref<HttpProblem>('HttpProblem', 'A refusal')
  return {
    description: codes.join(', '),
    content: { 'application/problem+json': { schema: { allOf: [problem, withCode(codes)] } } },
  }
}

/** Of the original's routes: its envelope. */
export function envelopeAnswer(codes: readonly ErrorCode[]) {
  const envelope = ref<OriginalError>('OriginalError', 'Refused: why')
  const result = { properties: { result: withCode(codes) } }
  return {
    description: codes.join(', '),
    content: { 'application/json': { schema: { allOf: [envelope, result] } } },
  }
}

/** Without a type, so that the other part of the `allOf` has the last word on what else there is. */
function withCode(codes: readonly ErrorCode[]) {
  return { properties: { code: Type.Enum([...codes]) } }
}
