// Errors of the HTTP API: each code comes from the catalogue, which gives its status.
import { type ErrorOptions, TychoError } from '../problem.ts'
import { type ErrorCode, errorCodes } from './error-codes.ts'

export function apiError(
  code: ErrorCode,
  message: string,
  options: Pick<ErrorOptions, 'problems' | 'retryAfterSeconds' | 'cause' | 'details'> = {},
): TychoError {
  return new TychoError(code, message, { status: errorCodes[code].status, ...options })
}
