// Reads the text of a `.env` file by Compose's own rules, which differ from those of the dotenv libraries.
// https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
import { interpolate } from '../compose/interpolate.ts'
import { UsageError } from './exit-codes.ts'

export type Variables = Record<string, string>

const ASSIGNMENT = /[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*(?:[=:][ \t]*|(?=\r?\n|#|$))/y
const BLANK = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y
const SINGLE_QUOTED = /'((?:[^'\\]|\\[\s\S])*)'/y
const DOUBLE_QUOTED = /"((?:[^"\\]|\\[\s\S])*)"/y
const UNQUOTED = /[^\r\n]*/y

/**
 * `KEY=value` lines. Values without quotes or in double quotes may use variables: `outer`'s first, then those of the
 * lines above. A key without a value is left out, unless `outer` has it. Throws UsageError with file and line.
 */
export function parseEnvFile(text: string, file: string, outer: Variables): Variables {
  const variables: Variables = {}
  const scanner = { text: text.replace(/^\uFEFF/, ''), at: 0 }
  while (scanner.at < scanner.text.length) {
    if (take(scanner, BLANK)) continue
    const line = scanner.text.slice(0, scanner.at).split('\n').length
    const refuse = (why: string) => new UsageError(`${file}:${line}: ${why}`)
    const [whole, key] = take(scanner, ASSIGNMENT) ?? []
    if (whole === undefined || key === undefined) throw refuse('not a line of the form KEY=value')
    const isBare = !/[=:]/.test(whole)
    const template = isBare ? '' : readValue(scanner, refuse)
    if (!take(scanner, BLANK)) throw refuse('something follows the closing quote')
    const value = isBare ? outer[key] : fill(template, { ...variables, ...outer }, refuse)
    if (value !== undefined) variables[key] = value
  }
  return variables
}

type Scanner = { text: string; at: number }
type Refuse = (why: string) => Error
type Template = string | { literal: string }

function take(scanner: Scanner, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = scanner.at
  const match = pattern.exec(scanner.text)
  if (match) scanner.at = pattern.lastIndex
  return match
}

function readValue(scanner: Scanner, refuse: Refuse): Template {
  const single = take(scanner, SINGLE_QUOTED)
  if (single) return { literal: (single[1] ?? '').replaceAll("\\'", "'") }
  const double = take(scanner, DOUBLE_QUOTED)
  if (double) return readEscapes(double[1] ?? '')
  const first = scanner.text[scanner.at]
  if (first === '"' || first === "'") throw refuse('a quote is not closed')
  return (take(scanner, UNQUOTED)?.[0] ?? '').replace(/(^|[ \t])#.*$/, '').trim()
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$$' }

/** `\$` stays a dollar sign through the interpolation that follows. */
function readEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, (written, character: string) => escapes[character] ?? written)
}

function fill(template: Template, variables: Variables, refuse: Refuse): string {
  if (typeof template !== 'string') return template.literal
  const filled = interpolate(template, variables)
  if (!filled.ok) throw refuse(filled.message)
  return filled.text
}
