// What goes wrong, in the words of the contract: Problems about an input, and errors with a stable code.
import { type Static, Type } from 'typebox'

export const Severity = Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')])
export type Severity = Static<typeof Severity>

/** One defect or remark about the input. `path` is a Compose key path (`services.web.ports[0]`); lines and columns count from 1. */
export const Problem = Type.Object({
  code: Type.String(),
  severity: Severity,
  path: Type.String(),
  file: Type.Optional(Type.String()),
  line: Type.Optional(Type.Integer()),
  column: Type.Optional(Type.Integer()),
  message: Type.String(),
})
export type Problem = Static<typeof Problem>

/** Where a key path stands in the file that the client sent. Lines and columns count from 1. */
export type Position = { file: string; line: number; column: number }

/** Key path -> its position; beside a spec, never in it. */
export type Positions = Record<string, Position>

/** What a task does about an error: try again soon, wait without losing an attempt, or give up. */
export type Remedy = 'retry' | 'wait' | 'giveUp'

export type ErrorOptions = {
  status?: number
  remedy?: Remedy
  problems?: Problem[]
  details?: Record<string, unknown>
  retryAfterSeconds?: number
  cause?: unknown
}

/** An error with a stable code (UPPER_SNAKE) that a client may act on. Its message never holds a secret. */
export class TychoError extends Error {
  readonly code: string
  readonly status: number
  readonly remedy: Remedy
  readonly problems: Problem[]
  readonly details: Record<string, unknown>
  readonly retryAfterSeconds: number | undefined

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.status = options.status ?? 500
    this.remedy = options.remedy ?? 'giveUp'
    this.problems = options.problems ?? []
    this.details = options.details ?? {}
    this.retryAfterSeconds = options.retryAfterSeconds
  }

  /** The same error with other Problems. */
  withProblems(problems: Problem[]): TychoError {
    const { status, remedy, details, retryAfterSeconds, cause } = this
    const given = { status, remedy, details, problems, cause }
    return new TychoError(this.code, this.message, {
      ...given,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    })
  }
}

/** 422: the Compose file cannot be run; carries every Problem. */
export class InvalidSystemError extends TychoError {
  constructor(problems: Problem[]) {
    const first = problems.find((problem) => problem.severity === 'error')
    const count = problems.filter((problem) => problem.severity === 'error').length
    const more = count > 1 ? ` (and ${count - 1} more)` : ''
    super('INVALID_SYSTEM', `The Compose file can't be run: ${first?.message ?? 'see problems'}${more}`, {
      status: 422,
      problems,
    })
  }
}

/** 404: there is no such thing for this tenant. */
export class NotFoundError extends TychoError {
  constructor(code: string, message: string) {
    super(code, message, { status: 404 })
  }
}

/** 409: something else holds what the request needs. */
export class ConflictError extends TychoError {
  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(code, message, { status: 409, details })
  }
}

/** 503: a part that Tycho needs is away; the same request may succeed later. */
export class UnavailableError extends TychoError {
  constructor(code: string, message: string, options: { remedy?: Remedy; cause?: unknown } = {}) {
    super(code, message, {
      status: 503,
      remedy: options.remedy ?? 'wait',
      retryAfterSeconds: 5,
      cause: options.cause,
    })
  }
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error')
}

/**
 * Gives each Problem the position of its path, or of the nearest enclosing path that has one.
 * Problems that already have a line are left as they are.
 */
export function locateProblems(problems: readonly Problem[], positions: Positions): Problem[] {
  return problems.map((problem) => {
    if (problem.line !== undefined) return problem
    const position = positionOf(problem.path, positions)
    return position ? { ...problem, ...position } : problem
  })
}

/** What was said already is not said twice, wherever it was found. */
export function mergeProblems(earlier: readonly Problem[], later: readonly Problem[]): Problem[] {
  const keyOf = ({ code, path, message }: Problem) => JSON.stringify([code, path, message])
  const known = new Set(earlier.map(keyOf))
  return [...earlier, ...later.filter((problem) => !known.has(keyOf(problem)))]
}

/** The position of a path, or of its nearest enclosing path. */
export function positionOf(path: string, positions: Positions): Position | undefined {
  for (let at = path; at !== ''; at = at.replace(/(\.|\[)[^.[]*$/, '')) {
    const position = positions[at]
    if (position) return position
    if (!/[.[]/.test(at)) return undefined
  }
  return undefined
}
