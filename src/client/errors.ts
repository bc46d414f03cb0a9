// What can go wrong between a client and the API.
import type { HttpProblem } from '../api/schemas/http-problem.ts'

/** Nothing answers at the address, or the connection broke. */
export class UnreachableError extends Error {}

/** Something answers at the address, but it does not speak the contract. */
export class NotTychoError extends Error {}

/** What the answer says, and when to try again. */
export type Refusal = HttpProblem & { retryAfterSeconds?: number }

/** The API refuses the request. */
export class RefusedError extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.detail)
    this.refusal = refusal
  }
}
