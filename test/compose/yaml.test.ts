import { describe, expect, test } from 'vitest'
import { codesOf, parse, placesOf, problemsOf, specOf, webOf } from './kit.ts'

describe('reading YAML', () => {
  test('8888:8888 without quotes is text, as in YAML 1.2', () => {
    const web = webOf('ports:\n  - 8888:8888\n  - 22:22')
    expect(web.ports.map(({ target, published }) => [published?.from, target])).toEqual([
      [8888, 8888],
      [22, 22],
    ])
  })

  test('plain scalars reach the environment as the reference loader prints them', () => {
    const { environment } = webOf(
      'environment: {A: 0440, B: 0o17, C: 0x1F, D: 1.10, E: yes, F: True, G: 12345678901234567890, H: 1e3,' +
        ' I: 2024-01-01, J: 08, K: -5, L: "0440", M: 1_000, N: 1500000.5, O: no, P: 0.00001}',
    )
    expect(environment).toEqual({
      A: '288',
      B: '15',
      C: '31',
      D: '1.1',
      E: 'yes',
      F: 'true',
      G: '12345678901234567890',
      H: '1000',
      I: '2024-01-01',
      J: '8',
      K: '-5',
      L: '0440',
      M: '1000',
      N: '1.5000005e+06',
      O: 'no',
      P: '1e-05',
    })
  })

  test('tags say what a scalar is', () => {
    expect(webOf('environment: {A: !!str 1.10, B: !!int "0x10", C: !!null "", D: ! 5}').environment).toEqual({
      A: '1.10',
      B: '16',
      D: '5',
    })
    expect(codesOf('services: {web: {image: !secret x}}')).toEqual(['UNKNOWN_TAG'])
  })

  test('!reset removes a node, !override changes nothing in a single file', () => {
    const web = webOf('command: !reset x\nenvironment: !override {A: 1}\nports: [!reset "1:1", "2:2"]')
    expect(web).toMatchObject({ command: null, environment: { A: '1' }, ports: [{ target: 2 }] })
  })

  test('merge keys give what the map does not say itself', () => {
    const spec = specOf(`
x-one: &one {image: one, command: from one, restart: always}
x-two: &two {image: two, scale: 2}
services:
  a: {<<: *one, image: own}
  b: {image: own, <<: [*one, *two]}
  c:
    <<: *two
`)
    expect(spec.services.a).toMatchObject({ image: 'own', command: ['from', 'one'] })
    expect(spec.services.b).toMatchObject({ image: 'own', restart: { condition: 'always' }, replicas: 2 })
    expect(spec.services.c).toMatchObject({ image: 'two', replicas: 2 })
  })

  test('a list of maps may be merged through one alias', () => {
    const spec = specOf('x-l: &l [{image: nginx}, {scale: 3}]\nservices: {web: {<<: *l}}')
    expect(spec.services.web).toMatchObject({ image: 'nginx', replicas: 3 })
  })

  test('a problem in a merged value is where the value stands', () => {
    const text = 'x-a: &a\n  image: nginx\n  scale: -1\nservices:\n  web:\n    <<: *a\n'
    expect(placesOf(text)).toEqual(['3:10 INVALID_VALUE services.web.scale'])
  })

  test.each([
    ['tabs', 'services:\n\tweb: x', '2:1'],
    ['an open bracket', 'services: [\n', '2:1'],
    ['an open quote', 'services: {web: {image: "nginx}}', '1:33'],
    ['an unknown alias', 'services: {web: *nothing}', '1:17'],
    ['an alias in its own anchor', 'services: &a {web: *a}', '1:20'],
    ['a merge of text', 'services: {web: {<<: text, image: x}}', '1:22'],
  ])('%s is no YAML, with its place', (_, text, place) => {
    expect(placesOf(text).map((line) => line.split(' ').slice(0, 2))).toEqual([[place, 'INVALID_YAML']])
  })

  test('duplicate keys are an error at the second', () => {
    expect(placesOf('services:\n  web:\n    image: a\n    image: b\n')).toEqual([
      '4:5 DUPLICATE_KEY services.web.image',
    ])
    expect(codesOf('x-a: &a {}\nservices: {web: {image: x, <<: *a, <<: *a}}')).toEqual(['DUPLICATE_KEY'])
  })

  test('keys that are no text are an error, quoted ones are fine', () => {
    expect(placesOf('services:\n  web:\n    image: x\n    environment:\n      1: FOO\n')).toEqual([
      '5:7 NON_STRING_KEY services.web.environment.1',
    ])
    expect(
      codesOf('services: {web: {image: x, environment: {null: 1, true: 2, [a]: 3, {b: c}: 4}}}'),
    ).toEqual(Array(4).fill('NON_STRING_KEY'))
    expect(specOf('services: {"123": {image: x}}').services).toHaveProperty('123')
  })

  test('documents, which are merged', () => {
    expect(codesOf('---\nservices: {web: {image: x}}\n...\n')).toEqual([])
    expect(
      specOf('services: {web: {image: x}}\n---\nservices: {web: {image: y}}\n').services.web?.image,
    ).toBe('y')
    expect(placesOf('a: 1\n---\nb: 2\n')).toEqual(['1:1 UNKNOWN_KEY a', '3:1 UNKNOWN_KEY b'])
  })

  test.each(['', '\n', '# nothing\n', '---\n', '~'])('an empty file says so (%j)', (text) => {
    expect(codesOf(text)).toEqual(['EMPTY_COMPOSE'])
  })

  test.each(['[]', 'text', '5'])('%s is no Compose file', (text) =>
    expect(codesOf(text)).toEqual(['WRONG_TYPE']),
  )

  test('a byte order mark and CRLF do not move positions', () => {
    expect(placesOf('\uFEFFservices:\r\n  web:\r\n    image: x\r\n    prots: []\r\n')).toEqual([
      '4:5 UNKNOWN_KEY services.web.prots',
    ])
  })

  test('odd keys stay data', () => {
    const spec = specOf(
      'x-a: {__proto__: {polluted: 1}}\nservices: {web: {image: x, environment: {__proto__: a}}}',
    )
    expect(Object.keys(spec.services.web?.environment ?? {})).toEqual(['__proto__'])
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('positions', () => {
  test('every path has its own: the key of an entry, the start of an item', () => {
    const { positions } = parse(`services:
  web:
    image: "nginx"
    ports: [80, &p "8080:80"]
    command:
      - run
      - !!str now
`)
    expect(positions).toEqual({
      services: { file: 'compose.yaml', line: 1, column: 1 },
      'services.web': { file: 'compose.yaml', line: 2, column: 3 },
      'services.web.image': { file: 'compose.yaml', line: 3, column: 5 },
      'services.web.ports': { file: 'compose.yaml', line: 4, column: 5 },
      'services.web.ports[0]': { file: 'compose.yaml', line: 4, column: 13 },
      'services.web.ports[1]': { file: 'compose.yaml', line: 4, column: 17 },
      'services.web.command': { file: 'compose.yaml', line: 5, column: 5 },
      'services.web.command[0]': { file: 'compose.yaml', line: 6, column: 9 },
      'services.web.command[1]': { file: 'compose.yaml', line: 7, column: 9 },
    })
  })

  test('problems come in the order of the file', () => {
    const text = 'services:\n  web:\n    imge: x\n    scale: -1\n  db:\n    image: x\n    foo: 1\nnme: x\n'
    const lines = parse(text).problems.map(({ line }) => line)
    expect(lines).toEqual([2, 3, 4, 7, 8])
  })
})

describe('a file that came as JSON', () => {
  test('is read as the same file in YAML', () => {
    const json = {
      name: 'demo',
      services: { web: { image: 'nginx', ports: [80, '8080:81'], environment: { A: 1.5 } } },
    }
    expect(specOf(json)).toEqual(specOf(JSON.stringify(json)))
  })

  test('has problems with a path and no place', () => {
    expect(parse({ services: { web: { image: 1 } } }).problems).toEqual([
      {
        code: 'WRONG_TYPE',
        severity: 'error',
        path: 'services.web.image',
        message: '`services.web.image` must be text, but `1` is a number: put it in quotes.',
      },
    ])
  })

  test('may be one of a list', () => {
    expect(specOf([{ services: { web: { image: 'nginx' } } }]).services.web?.image).toBe('nginx')
    expect(problemsOf([{ services: {} }, 'services: {}'])).toEqual(['SERVICES_REQUIRED services'])
  })

  test.each([null, undefined, 5, true, 'x', []])('%j is none', (value) => {
    expect(parse(value).spec).toBeNull()
  })
})
