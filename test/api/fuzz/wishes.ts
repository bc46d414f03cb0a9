// Requests for an operation of the document: as it wants them, and nearly so.
import * as fc from 'fast-check'
import type { Document, Operation, Parameter } from '../../kit/contract/document.ts'
import { damagedBody, toJson } from './damage.ts'
import { type Schemas, valuesOf } from './values.ts'
import { headerWordsFor } from './words.ts'

/** A part of a path: one of the ids that are known when the request is made, or this text. */
export type Part = { pick: number } | { text: string }

export type Wish = {
  method: string
  /** As the document has it. */
  template: string
  parts: Record<string, Part>
  query: [string, string][]
  headers: [string, string][]
  body: Buffer | null
  chunked: boolean
}

const strangeParts = fc.constantFrom(
  ...[
    'nothing',
    '.',
    '..',
    '%2e%2e',
    '%00',
    '%zz',
    'a%2Fb',
    '__proto__',
    'constructor',
    '%F0%9F%98%80',
    '%ED%A0%80',
  ],
  ...['x'.repeat(120), 'x'.repeat(600), '0', '-1', 'A', '*', 'a:b', '%0a', "'", '$where', ''],
)

/** `unit` tells which of the known ids: the play counts modulo how many there are. */
const part: fc.Arbitrary<Part> = fc.oneof(
  { weight: 8, arbitrary: fc.nat(30).map((pick) => ({ pick })) },
  { weight: 1, arbitrary: strangeParts.map((text) => ({ text })) },
  { weight: 2, arbitrary: fc.constantFrom('a', 'b', 'hello', 'web-1').map((text) => ({ text })) },
)

export function wishesOf(document: Document): fc.Arbitrary<Wish> {
  const { schemas } = document.components
  const operations = Object.entries(document.paths).flatMap(([template, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => wish(template, method, operation, schemas)),
  )
  return fc.oneof(...operations)
}

function wish(template: string, method: string, operation: Operation, schemas: Schemas): fc.Arbitrary<Wish> {
  const parameters = operation.parameters ?? []
  const names = parameters.filter((one) => one.in === 'path').map((one) => one.name)
  const made = fc.record({
    method: fc.constant(method.toUpperCase()),
    template: fc.constant(template),
    parts: fc.record(Object.fromEntries(names.map((name) => [name, part]))),
    query: queryOf(parameters, schemas),
    headers: headersOf(parameters),
    body: bodyOf(operation, schemas),
    chunked: fc.integer({ min: 0, max: 9 }).map((dice) => dice === 0),
  })
  const sent = made.map(({ body, headers, ...rest }) => ({
    ...rest,
    body: body?.bytes ?? null,
    headers: [...headers, ...(body ? bodyHeaders(body) : [])],
  }))
  return fc.oneof({ weight: 24, arbitrary: sent }, { weight: 1, arbitrary: sent.chain(besideRoutes) })
}

/** The same with another method, or a path that is nearly the same. */
function besideRoutes(wish: Wish): fc.Arbitrary<Wish> {
  return fc.oneof(
    fc
      .constantFrom('GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST')
      .map((method) => ({ ...wish, method, body: ['GET', 'HEAD'].includes(method) ? null : wish.body })),
    fc
      .constantFrom('/', '//', '/x', '?', ';a', '.json')
      .map((end) => ({ ...wish, template: `${wish.template}${end}` })),
  )
}

type Sent = { bytes: Buffer; mediaType: string | null; encoding?: string }

function bodyHeaders({ mediaType, encoding }: Sent): [string, string][] {
  return [
    ...(mediaType === null ? [] : [['content-type', mediaType] satisfies [string, string]]),
    ...(encoding ? [['content-encoding', encoding] satisfies [string, string]] : []),
  ]
}

function bodyOf({ requestBody }: Operation, schemas: Schemas): fc.Arbitrary<Sent | null> {
  const json = requestBody?.content['application/json']?.schema
  if (!json) {
    const stray = { bytes: toJson({ stray: 1 }), mediaType: 'application/json' }
    return fc.oneof(
      { weight: 20, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.constant(stray) },
    )
  }
  const value = valuesOf(json, schemas)
  const good = value.map((one) => ({ bytes: toJson(one), mediaType: 'application/json' }))
  const yaml = valuesOf({ type: 'string' }, schemas, 'compose').map((one) => ({
    bytes: Buffer.from(typeof one === 'string' ? one : JSON.stringify(one)),
    mediaType: 'application/yaml',
  }))
  return fc.oneof(
    { weight: 12, arbitrary: good },
    { weight: 8, arbitrary: damagedBody(value) },
    { weight: requestBody?.content['application/yaml'] ? 4 : 0, arbitrary: yaml },
    { weight: 1, arbitrary: fc.constant(null) },
  )
}

function queryOf(parameters: Parameter[], schemas: Schemas): fc.Arbitrary<[string, string][]> {
  const rows = parameters
    .filter((one) => one.in === 'query')
    .map(({ name, schema, content }) =>
      fc
        .tuple(fc.nat(7), valuesOf(schema ?? content?.['application/json']?.schema ?? {}, schemas, name))
        .map(([dice, value]) =>
          dice === 0 ? [value].flat().map((one): [string, string] => [name, textOf(one)]) : [],
        ),
    )
  const odd = fc.constantFrom<[string, string][]>(
    ...([['extra', '1']] as [string, string][]).map((one) => [one]),
    [['pageSize', '1e9']],
    [['pageSize', '-1']],
    [['pageToken', 'x']],
    [['pageToken', Buffer.from('jobs:\u0000').toString('base64url')]],
    [['wait', 'NaN']],
    [
      ['wait', '0'],
      ['wait', '0'],
    ],
    [['__proto__', '1']],
    [['constructor[prototype]', '1']],
    [['name', '\u0000']],
  )
  return fc
    .tuple(
      fc.tuple(...rows),
      fc.oneof({ weight: 12, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: odd }),
    )
    .map(([good, bad]) => [...good.flat(), ...bad])
}

function headersOf(parameters: Parameter[]): fc.Arbitrary<[string, string][]> {
  const known = parameters
    .filter((one) => one.in === 'header')
    .map(({ name }) => fc.tuple(fc.constant(name), headerWordsFor(name)))
  const more = [
    fc.tuple(
      fc.constant('accept'),
      fc.constantFrom(
        'application/json',
        'application/yaml',
        'text/csv',
        'text/event-stream',
        '*/*',
        'x',
        '',
        'a/b;q=2',
      ),
    ),
  ]
  const all = [...known, ...more].map((one) =>
    fc.tuple(fc.nat(9), one).map(([dice, row]) => (dice === 0 ? [row] : [])),
  )
  return fc.tuple(...all).map((rows) => rows.flat())
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
