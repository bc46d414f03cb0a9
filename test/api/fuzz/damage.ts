// Bodies as nobody should send them: damaged as values, as JSON, as bytes.
import * as fc from 'fast-check'

export type Damaged = { bytes: Buffer; mediaType: string | null; encoding?: string }

const proto: unknown = JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}')

const nasty: readonly unknown[] = [
  ...[null, true, -1, 0, 1.5, 1e308, 2 ** 53, -(2 ** 63), '', ' ', '\u0000', 'a\u0000b', '\ud800', '\udc00x'],
  ...[
    'x'.repeat(70_000),
    '../../etc/passwd',
    '${A}',
    '\u2028',
    '\r\nX-Injected: 1',
    '%00',
    '__proto__',
    'a\nb',
  ],
  ...[[], {}, [[[[[[]]]]]], proto, { base64: '!' }, { base64: 'AAAA' }, ['a', 'a'], nested(200)],
]

const strangeKeys = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '',
  'a\nb',
  '\ud800',
  'extra',
  '0',
]

type Change = { at: number; what: unknown; key: string | null }

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(50),
  what: fc.constantFrom(...nasty),
  key: fc.option(fc.constantFrom(...strangeKeys)),
})

const mediaTypes = [
  ...[
    'application/json',
    'application/json; charset=utf-8',
    'application/json; charset=utf-16',
    'APPLICATION/JSON',
  ],
  ...[
    'application/yaml',
    'text/yaml',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
  ],
  ...['application/merge-patch+json', 'garbage', 'application/json, text/html', ';', null],
] as const

const toDamagedText = fc.constantFrom<(text: string) => Buffer>(
  (text) => Buffer.from(text.slice(0, Math.floor(text.length / 2))),
  (text) => Buffer.from(text.replace('{', '{"name":"x","name":"y","compose":1,')),
  (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text)]),
  (text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
  (text) => Buffer.from(text.replaceAll('"', '\u0000')),
  (text) => Buffer.from(`${text}}`),
  (text) => Buffer.from(text, 'utf16le'),
  (text) => Buffer.from(text.replace(/"[^"]*"/, '"\\ud800"')),
  (text) => Buffer.from(text.replace(/"([a-z])/, '"\xC3')),
  () => Buffer.alloc(0),
  () => Buffer.from('['.repeat(20_000)),
  () => Buffer.from('{"a":'.repeat(5_000)),
  () => Buffer.from('1e999'),
  () => Buffer.from('{"__proto__":{"name":"a"}}'),
  () => Buffer.from('null'),
  () => Buffer.from([0xc3, 0x28, 0xa0]),
)

/** A body that is none that the schema of `value` allows, or only just. */
export function damagedBody(value: fc.Arbitrary<unknown>): fc.Arbitrary<Damaged> {
  const json = 'application/json'
  const changed = fc
    .tuple(value, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([whole, changes]) => ({ bytes: toJson(changes.reduce(withChange, whole)), mediaType: json }))
  const broken = fc
    .tuple(value, toDamagedText)
    .map(([whole, damage]) => ({ bytes: damage(toJson(whole).toString()), mediaType: json }))
  const mistyped = fc
    .tuple(value, fc.constantFrom(...mediaTypes))
    .map(([whole, mediaType]) => ({ bytes: toJson(whole), mediaType }))
  const packed = value.map((whole) => ({ bytes: toJson(whole), mediaType: json, encoding: 'gzip' }))
  return fc.oneof(
    { weight: 10, arbitrary: changed },
    { weight: 5, arbitrary: broken },
    { weight: 3, arbitrary: mistyped },
    { weight: 1, arbitrary: packed },
  )
}

export function toJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? 'null')
}

/** One value within is another, or an object has one key more. */
function withChange(whole: unknown, { at, what, key }: Change): unknown {
  const count = countValues(whole)
  return replaced(whole, at % count, (found) => {
    if (key === null || typeof found !== 'object' || found === null || Array.isArray(found)) return what
    const copy = { ...found }
    Object.defineProperty(copy, key, { value: what, enumerable: true, configurable: true, writable: true })
    return copy
  })
}

function countValues(value: unknown): number {
  return 1 + inner(value).reduce((sum, [, one]) => sum + countValues(one), 0)
}

function replaced(value: unknown, at: number, change: (found: unknown) => unknown): unknown {
  if (at === 0) return change(value)
  let before = 1
  for (const [key, one] of inner(value)) {
    const size = countValues(one)
    if (at < before + size) return withKey(value as object, key, replaced(one, at - before, change))
    before += size
  }
  return value
}

function withKey(value: object, key: string, what: unknown): unknown {
  if (Array.isArray(value)) return value.with(Number(key), what)
  const copy = { ...value }
  Object.defineProperty(copy, key, { value: what, enumerable: true, configurable: true, writable: true })
  return copy
}

function inner(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}

function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let i = 0; i < depth; i++) value = [value]
  return value
}
