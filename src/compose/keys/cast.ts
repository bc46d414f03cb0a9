// Gives a scalar the type that its key asks for, once its variables are filled in.
import { quote, type ScalarNode } from '../node.ts'
import type { Form } from './key-row.ts'

export type Cast = { ok: true; node: ScalarNode; remark?: string } | { ok: false; message: string }

/** YAML 1.1's other words for true and false; the reference loader takes them with a warning. */
const OLD_BOOLEANS: Readonly<Record<string, boolean>> = {
  y: true,
  yes: true,
  on: true,
  n: false,
  no: false,
  off: false,
}

/** Whether the scalar has one of `forms` as it is. */
export function hasForm({ value }: ScalarNode, forms: readonly Form[]): boolean {
  if (value === null) return forms.includes('null')
  switch (typeof value) {
    case 'string':
      return forms.includes('text')
    case 'number':
      return forms.includes('number') || (forms.includes('integer') && Number.isSafeInteger(value))
    case 'boolean':
      return forms.includes('boolean')
    default:
      return value satisfies never
  }
}

/** The scalar in one of `forms`, or what is wrong with it. */
export function castScalar(node: ScalarNode, forms: readonly Form[]): Cast {
  const { value } = node
  if (hasForm(node, forms)) return { ok: true, node }
  if (value === null) return mismatch(forms, 'it is empty')
  if (typeof value === 'string') return castText(node, value, forms)
  if (typeof value === 'boolean') return mismatch(forms, `${quote(node)} is a boolean`)
  return mismatch(forms, `${quote(node)} is ${forms.includes('integer') ? 'not a whole number' : 'a number'}`)
}

function castText(node: ScalarNode, text: string, forms: readonly Form[]): Cast {
  if (forms.includes('boolean')) return castBoolean(node, text)
  if (!forms.includes('number') && !forms.includes('integer')) return mismatch(forms, 'it is text')
  const pattern = forms.includes('number') ? /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/ : /^[-+]?\d+$/
  const number = pattern.test(text) ? Number(text) : Number.NaN
  const isFit = forms.includes('number') ? Number.isFinite(number) : Number.isSafeInteger(number)
  return isFit
    ? { ok: true, node: { ...node, value: number, text: String(number) } }
    : mismatch(forms, `${quote(node)} is not`)
}

function castBoolean(node: ScalarNode, text: string): Cast {
  const word = text.toLowerCase()
  if (word === 'true' || word === 'false') return { ok: true, node: { ...node, value: word === 'true' } }
  const old = Object.hasOwn(OLD_BOOLEANS, word) ? OLD_BOOLEANS[word] : undefined
  if (old === undefined) return mismatch(['boolean'], `${quote(node)} is not`)
  return { ok: true, node: { ...node, value: old }, remark: `write \`${old}\` instead of ${quote(node)}` }
}

function mismatch(forms: readonly Form[], but: string): Cast {
  const advice = forms.includes('text') && !but.startsWith('it is') ? ': put it in quotes' : ''
  return { ok: false, message: `must be ${expected(forms)}, but ${but}${advice}` }
}

const FORM_NAMES: Readonly<Record<Form, string>> = {
  text: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: '`true` or `false`',
  null: 'empty',
  list: 'a list',
  map: 'a map',
}

/** The forms in words. */
export function expected(forms: readonly Form[]): string {
  const names = forms.filter((form) => form !== 'null').map((form) => FORM_NAMES[form])
  const last = names.at(-1) ?? 'empty'
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`
}
