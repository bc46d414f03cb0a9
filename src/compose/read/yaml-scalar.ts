// What an untagged plain scalar means to Compose: YAML 1.2 core, plus the octal `0440` that the reference loader reads.
import { type ScalarNode, scalarNode, textNode } from '../node.ts'

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL'])
const BOOLEANS = new Map([
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
])
const INTEGER = /^([-+]?)(?:0b([01]+)|0x([0-9a-fA-F]+)|0o?([0-7]+)|(0|[1-9][0-9]*))$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const NUMBER_STARTS = /^[-+.0-9]/

export type ScalarTag = 'str' | 'int' | 'float' | 'bool' | 'null'

/** A plain scalar by its looks. `8888:8888`, `yes` and dates are strings: base 60 and the like left YAML with 1.2. */
export function resolvePlain(text: string, at: number): ScalarNode {
  if (NUMBER_STARTS.test(text)) return integerOf(text, at) ?? floatOf(text, at) ?? textNode(text, at)
  if (NULLS.has(text)) return { kind: 'scalar', at, value: null, text: '' }
  const boolean = BOOLEANS.get(text)
  return boolean === undefined ? textNode(text, at) : scalarNode(boolean, at)
}

/** Whether a plain scalar is text at first sight; where it is not, `resolvePlain` has to tell. */
export function isSurelyText(text: string): boolean {
  return !NUMBER_STARTS.test(text) && !NULLS.has(text) && !BOOLEANS.has(text)
}

/** A scalar with one of YAML's own tags; null where its text does not fit the tag. */
export function resolveTagged(tag: ScalarTag, text: string, at: number): ScalarNode | null {
  switch (tag) {
    case 'str':
      return textNode(text, at)
    case 'int':
      return integerOf(text, at)
    case 'float':
      return floatOf(text, at)
    case 'bool': {
      const boolean = BOOLEANS.get(text)
      return boolean === undefined ? null : scalarNode(boolean, at)
    }
    case 'null':
      return NULLS.has(text) ? { kind: 'scalar', at, value: null, text: '' } : null
    default:
      return tag satisfies never
  }
}

function integerOf(source: string, at: number): ScalarNode | null {
  const match = INTEGER.exec(source.replaceAll('_', ''))
  if (!match) return null
  const [, sign, binary, hexadecimal, octal, decimal] = match
  const digits = binary
    ? `0b${binary}`
    : hexadecimal
      ? `0x${hexadecimal}`
      : octal
        ? `0o${octal}`
        : (decimal ?? '0')
  // A long run of digits would be quadratic to convert; nothing in Compose counts that far.
  if (digits.length > 40) return null
  const value = Number(digits) * (sign === '-' ? -1 : 1)
  const text = Number.isSafeInteger(value) ? String(value) : `${sign === '-' ? '-' : ''}${BigInt(digits)}`
  return { kind: 'scalar', at, value, text }
}

function floatOf(source: string, at: number): ScalarNode | null {
  const text = source.replaceAll('_', '')
  const value = FLOAT.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? { kind: 'scalar', at, value, text: floatText(value) } : null
}

/** A float as the reference loader prints it into an environment (Go's `%v`): an exponent below 1e-4 and from 1e6 on. */
export function floatText(value: number): string {
  const exponent = value === 0 ? 0 : Number(value.toExponential().split('e')[1])
  if (exponent >= -4 && exponent < 6) return String(value)
  return value.toExponential().replace(/e([-+])(\d)$/, 'e$10$2')
}
