// Ends the reading of a file at once: what follows could not be trusted, or would cost too much.
import type { ComposeLimits } from '../limits.ts'

export class ReadError extends Error {
  readonly code: string
  /** A place of `Sources`; -1: none. */
  readonly at: number

  constructor(code: string, message: string, at: number) {
    super(message)
    this.name = 'ReadError'
    this.code = code
    this.at = at
  }
}

/** Nested too deeply: as text, through aliases, or as JSON. */
export function tooDeep(limits: ComposeLimits, at: number): ReadError {
  const message = `Maps and lists are nested more than ${limits.depth} deep: write them flatter.`
  return new ReadError('NESTING_TOO_DEEP', message, at)
}

export function tooLarge(limits: ComposeLimits): ReadError {
  const message = `The Compose text is larger than ${limits.textBytes} bytes: make it smaller, or split the system.`
  return new ReadError('COMPOSE_TOO_LARGE', message, -1)
}

export function tooManyAliases(limits: ComposeLimits, at: number): ReadError {
  const message = `Aliases and merge keys stand for more than ${limits.aliasNodes} nodes: write out what is needed.`
  return new ReadError('ALIAS_LIMIT', message, at)
}

/** A file that came with the request, an included or an extended one: too many, too large or too deep together. */
export function overLimit(code: string, what: string, limit: number, advice: string, at: number): ReadError {
  return new ReadError(code, `${what} (limit ${limit}): ${advice}.`, at)
}
