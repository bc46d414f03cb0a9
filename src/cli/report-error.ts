// Says what went wrong, for people or as JSON, and gives the exit code.
import { NotTychoError, type Refusal, RefusedError, UnreachableError } from '../client/errors.ts'
import {
  type ExitCode,
  exitCodeOfError,
  InterruptedError,
  PatienceError,
  StartError,
  UsageError,
} from './exit-codes.ts'
import type { Output } from './output.ts'
import { printProblems, withFileOf } from './problems.ts'
import type { Source } from './source.ts'

export type ReportOptions = { json: true | undefined; source: Source | null }

/** What `--json` prints of an error: the server's refusal as it came, or one of ours in the same words. */
export type ErrorDocument = { code: string; detail: string } & Partial<Refusal>

/** Prints an error of a kind that the command line knows. Throws all others: they are defects of Tycho. */
export function reportError(error: unknown, options: ReportOptions, output: Output): ExitCode {
  const code = exitCodeOfError(error)
  if (options.json) {
    output.json({ error: toErrorDocument(error, options.source) })
    return code
  }
  if (!isKnown(error)) throw error
  if (error instanceof RefusedError) printRefusal(error.refusal, options.source, output)
  else if (error instanceof InterruptedError) output.note(error.message)
  else output.note(`${output.paint.note('red', 'error:')} ${error.message}`)
  if (error instanceof UnreachableError) output.note(howToReachOne)
  return code
}

const howToReachOne = 'Start a server with "npm start", or name one with -s URL or TYCHO_URL.'

/** Throws errors that the command line doesn't know. */
export function toErrorDocument(error: unknown, source: Source | null): ErrorDocument {
  if (error instanceof RefusedError) {
    return { ...error.refusal, problems: withFileOf(error.refusal.problems, source) }
  }
  const known = ownErrors.find(([kind]) => error instanceof kind)
  if (!known || !(error instanceof Error)) throw error
  return { code: known[1], detail: error.message, problems: [] }
}

const ownErrors = [
  [UsageError, 'BAD_USAGE'],
  [UnreachableError, 'UNREACHABLE'],
  [NotTychoError, 'NOT_TYCHO'],
  [PatienceError, 'TIMEOUT'],
  [InterruptedError, 'INTERRUPTED'],
  [StartError, 'NOT_STARTED'],
] as const

function isKnown(error: unknown): error is Error {
  return error instanceof RefusedError || ownErrors.some(([kind]) => error instanceof kind)
}

function printRefusal(refusal: Refusal, source: Source | null, output: Output): void {
  for (const line of printProblems(refusal.problems, source, output.paint.note)) output.note(line)
  const errors = refusal.problems.filter(({ severity }) => severity === 'error').length
  // The detail repeats the first problem, which stands above with its place.
  const summary =
    errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}, nothing was changed` : refusal.detail
  const request = refusal.status >= 500 ? ` (request ${refusal.requestId})` : ''
  output.note(`${output.paint.note('red', 'error:')} ${refusal.code}: ${summary}${request}`)
}
