// Reads the text of a `.env` file by Compose's own rules, which differ from those of the dotenv libraries.
// https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
import { type Environment, interpolate } from '../interpolate.ts'
import { readEscapes } from './escapes.ts'
import { type Scanner, take } from './scanner.ts'

/** `line` counts from 1, `offset` from 0. */
export type DotenvComplaint = { message: string; line: number; offset: number }

/** What a file says, up to the first thing that can't be read. `missing`: variables that counted as empty. */
export type Dotenv = {
  variables: Map<string, string>
  missing: Set<string>
  complaint: DotenvComplaint | null
}

/** What variables resolve from besides the lines above. */
export type DotenvContext = {
  lookup(name: string): string | undefined
  /** How many characters the values may have together. */
  room?: number
}

const BLANKS = /(?:\s|#[^\n]*)*/y
const EXPORT = /export[ \t]+(?=[^\s=:])/y
const KEY = /[\p{L}\p{N}_.[\]-]+/uy
const SPACES = /[ \t\v\f\r\u0085\u00A0]*/y
const ASSIGN = /[=:]/y
const SINGLE_QUOTED = /'((?:[^'\\]|\\[\s\S])*)'/y
const DOUBLE_QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y
const UNQUOTED = /[^\n]*/y
const REST = /[ \t\v\f\r]*(?:#[^\n]*)?(?=\n|$)/y

/**
 * `KEY=value`, `KEY: value`, `export KEY=value`; `KEY` alone takes its value from `lookup`, and is left out where there
 * is none. Values without quotes or in double quotes may use variables: those of `lookup` win over the lines above.
 */
export function parseDotenv(text: string, context: DotenvContext): Dotenv {
  const reader = new DotenvReader(text.replace(/^\uFEFF/, ''), context)
  return reader.read()
}

class DotenvReader {
  readonly #scanner: Scanner
  readonly #context: DotenvContext
  readonly #read: Dotenv = { variables: new Map(), missing: new Set(), complaint: null }
  #room: number

  constructor(text: string, context: DotenvContext) {
    this.#scanner = { text, at: 0 }
    this.#context = context
    this.#room = context.room ?? Number.POSITIVE_INFINITY
  }

  read(): Dotenv {
    take(this.#scanner, BLANKS)
    while (!this.#read.complaint && this.#scanner.at < this.#scanner.text.length) {
      this.#readStatement()
      take(this.#scanner, BLANKS)
    }
    return this.#read
  }

  #readStatement(): void {
    const start = this.#scanner.at
    take(this.#scanner, EXPORT)
    const key = take(this.#scanner, KEY)?.[0]
    take(this.#scanner, SPACES)
    const isAssigned = key !== undefined && take(this.#scanner, ASSIGN) !== null
    if (key === undefined || (!isAssigned && !this.#isAtEnd())) {
      this.#complain('not a line of the form KEY=value', start)
      return
    }
    const value = isAssigned ? this.#readValue() : this.#context.lookup(key)
    if (value !== undefined && !this.#read.complaint) this.#read.variables.set(key, value)
  }

  #isAtEnd(): boolean {
    return take(this.#scanner, REST) !== null
  }

  #readValue(): string {
    take(this.#scanner, SPACES)
    const start = this.#scanner.at
    const quote = this.#scanner.text[start]
    if (quote !== '"' && quote !== "'")
      return this.#fill(withoutComment(take(this.#scanner, UNQUOTED)?.[0] ?? ''), start)
    const quoted = take(this.#scanner, quote === '"' ? DOUBLE_QUOTED : SINGLE_QUOTED)?.[1]
    if (quoted === undefined) return this.#fail('a quote is not closed', start)
    const value =
      quote === '"'
        ? this.#fill(readEscapes(quoted), start)
        : this.#spend(quoted.replaceAll("\\'", "'"), start)
    return this.#isAtEnd() ? value : this.#fail('something follows the closing quote', this.#scanner.at)
  }

  #fill(template: string, at: number): string {
    if (!template.includes('$')) return this.#spend(template, at)
    const { variables, missing } = this.#read
    const { lookup } = this.#context
    const environment = lookupTable(template, (name) => lookup(name) ?? variables.get(name))
    const filled = interpolate(template, environment, this.#room)
    if (!filled.ok) return this.#fail(filled.message.replace(/\.$/, ''), at)
    for (const name of filled.missing) missing.add(name)
    return this.#spend(filled.text, at)
  }

  #spend(value: string, at: number): string {
    this.#room -= value.length
    return this.#room < 0 ? this.#fail('the values are too large together', at) : value
  }

  #fail(message: string, at: number): string {
    this.#complain(message, at)
    return ''
  }

  #complain(message: string, offset: number): void {
    const line = this.#scanner.text.slice(0, offset).split('\n').length
    this.#read.complaint ??= { message, line, offset }
  }
}

/** A comment begins at a `#` after a space. */
function withoutComment(value: string): string {
  const comment = value.indexOf(' #')
  return (comment === -1 ? value : value.slice(0, comment)).trimEnd()
}

/** Every name that a template may ask for, with its value; names in arguments of others too. */
function lookupTable(template: string, lookup: (name: string) => string | undefined): Environment {
  const known: [string, string][] = []
  for (const [name] of template.matchAll(/[_a-z][_a-z0-9]*/gi)) {
    const value = lookup(name)
    if (value !== undefined) known.push([name, value])
  }
  return Object.fromEntries(known)
}
