// The grammar of `${…}` (Compose specification, "Interpolation"): text -> parts, in one pass.

export type Operator = '-' | ':-' | '?' | ':?' | '+' | ':+'

export type Part =
  | string
  | { kind: 'variable'; name: string; operator: Operator | null; argument: Part[]; written: string }
  | { kind: 'invalid'; written: string }

/** Substitutions may stand in the argument of others, so deep and no deeper. */
const MAX_NESTING = 50

const NAME = /[_a-z][_a-z0-9]*/iy
const OPERATOR = /:?[-?+]/y
const DOLLAR = /\$/y
const OPEN = /\{/y
const CLOSE = /\}/y
const NO_DOLLAR = /[^$]+/y
const NO_DOLLAR_NOR_BRACE = /[^${}]+/y

/** Never throws: what is no template becomes an `invalid` part, which matters only when it is evaluated. */
export function parseTemplate(text: string): Part[] {
  return new TemplateParser(text).parse()
}

class TemplateParser {
  readonly #text: string
  #at = 0
  #nesting = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Part[] {
    const parts: Part[] = []
    while (this.#at < this.#text.length) parts.push(this.#literal(NO_DOLLAR) || this.#dollar())
    return parts
  }

  /** An argument ends at the brace that closes its `${`; other braces in it come in pairs. null: it never ends. */
  #argument(): Part[] | null {
    const parts: Part[] = []
    let open = 0
    while (this.#at < this.#text.length) {
      const literal = this.#literal(NO_DOLLAR_NOR_BRACE)
      if (literal !== '') parts.push(literal)
      const next = this.#text[this.#at]
      if (next === '}' && open === 0) return parts
      if (next === '$') parts.push(this.#dollar())
      else if (next !== undefined) {
        open += next === '{' ? 1 : -1
        parts.push(next)
        this.#at += 1
      }
    }
    return null
  }

  #dollar(): Part {
    const start = this.#at
    this.#at += 1
    if (this.#literal(DOLLAR) !== '') return '$'
    const name = this.#literal(NAME)
    if (name !== '') return this.#variable(start, name, null, [])
    return this.#literal(OPEN) === '' ? '$' : this.#braced(start)
  }

  #braced(start: number): Part {
    const name = this.#literal(NAME)
    if (name === '' || this.#nesting >= MAX_NESTING) return this.#invalid(start)
    const operator = operatorOf(this.#literal(OPERATOR))
    this.#nesting += 1
    const argument = operator ? this.#argument() : []
    this.#nesting -= 1
    if (argument === null || this.#literal(CLOSE) === '') return this.#invalid(start)
    return this.#variable(start, name, operator, argument)
  }

  #variable(start: number, name: string, operator: Operator | null, argument: Part[]): Part {
    return { kind: 'variable', name, operator, argument, written: this.#text.slice(start, this.#at) }
  }

  /** Skips to the closing brace, so that an unused argument with this in it still ends where it should. */
  #invalid(start: number): Part {
    const end = this.#text.indexOf('}', this.#at)
    this.#at = end === -1 ? this.#text.length : end + 1
    return { kind: 'invalid', written: this.#text.slice(start, this.#at) }
  }

  /** Takes what a sticky expression finds here; '' where it finds nothing. */
  #literal(expression: RegExp): string {
    expression.lastIndex = this.#at
    if (!expression.test(this.#text)) return ''
    const found = this.#text.slice(this.#at, expression.lastIndex)
    this.#at = expression.lastIndex
    return found
  }
}

function operatorOf(text: string): Operator | null {
  switch (text) {
    case '-':
    case ':-':
    case '?':
    case ':?':
    case '+':
    case ':+':
      return text
    default:
      return null
  }
}
