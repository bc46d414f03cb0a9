import { describe, expect, test } from 'vitest'
import { nearest } from '../../src/compose/keys/nearest.ts'
import { KEYS } from '../../src/compose/keys/table.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { FILES, fileWith, valueFor } from './files-by-key.ts'
import { codesOf, parse, placesOf, problemsOf, specOf, toLine, webFile, webOf } from './kit.ts'

describe('the table of keys', () => {
  test('has every key once', () => {
    const paths = KEYS.map((row) => row.path)
    expect(paths.filter((path, index) => paths.indexOf(path) !== index)).toEqual([])
  })

  test('has all service keys and top-level keys of the specification', () => {
    const own = KEYS.filter(({ fate }) => fate !== 'carried')
    expect(own.filter(({ path }) => /^services\.\*\.[a-z_]+$/.test(path))).toHaveLength(93)
    expect(own.filter(({ path }) => /^[a-z_]+$/.test(path))).toHaveLength(9)
  })

  test.each(KEYS.map((row) => [row.path, row] as const))('%s meets its fate', (_, row) => {
    const { spec, problems } = parseCompose({
      compose: fileWith(row.path, valueFor(row)),
      env: {},
      files: FILES,
    })
    switch (row.fate) {
      case 'read':
      case 'carried':
        expect(problems.filter(({ severity }) => severity === 'error').map(toLine)).toEqual([])
        expect(spec).not.toBeNull()
        break
      case 'noted':
        expect(problems).toMatchObject([{ code: 'NO_EFFECT', severity: 'info', path: row.path }])
        break
      default:
        row satisfies never
    }
  })

  const typed = KEYS.flatMap((row) => (row.fate === 'carried' ? [] : [row]))
  test.each(typed.map((row) => [row.path, row] as const))('%s refuses a wrong type', (path, row) => {
    const wrong = row.forms.includes('map')
      ? row.forms.includes('text') || row.forms.includes('integer')
        ? true
        : 'text'
      : { a: 1 }
    expect(codesOf(fileWith(path, wrong))).toContain('WRONG_TYPE')
  })
})

describe('unknown keys', () => {
  test.each([
    ['prots: [80]', 'ports'],
    ['enviroment: {A: 1}', 'environment'],
    ['Command: x', 'command'],
    ['dependson: [x]', 'depends_on'],
    ['healthcheck: {intervall: 5s, test: x}', 'interval'],
    ['deploy: {replica: 2}', 'replicas'],
    ['ports: [{target: 80, publish: 80}]', 'published'],
    ['replicas: 3', 'services.<name>.deploy'],
  ])('%s is answered with %s', (line, known) => {
    const { problems } = parse(webFile(line))
    expect(problems).toMatchObject([{ code: 'UNKNOWN_KEY', severity: 'error' }])
    expect(problems[0]?.message).toContain(`\`${known}\``)
  })

  test('a service at the top is sent to its place', () => {
    const [problem] = parse('web: {image: x}\nservices: {a: {image: x}}').problems
    expect(problem?.message).toContain('under `services`')
  })

  test('stand at their line and column, all of them', () => {
    expect(placesOf('services:\n  web:\n    image: x\n    foo: 1\n    bar: 2\nbaz: 3\n')).toEqual([
      '4:5 UNKNOWN_KEY services.web.foo',
      '5:5 UNKNOWN_KEY services.web.bar',
      '6:1 UNKNOWN_KEY baz',
    ])
  })

  test('x- keys are carried unread at the top and in services, and let be elsewhere', () => {
    const spec = specOf(
      `
x-top: {a: [1, $A]}
services:
  web:
    image: nginx
    x-k8s: {b: true}
    deploy: {x-own: 1, resources: {x-own: 1, limits: {x-own: 1}}}
    healthcheck: {test: x, x-own: 1}
    ports: [{target: 80, x-own: 1}]
    depends_on: {db: {condition: service_started, x-own: 1}}
  db: {image: redis}
`,
      { A: 'filled' },
    )
    expect(spec.extensions).toEqual({ 'x-top': { a: [1, 'filled'] } })
    expect(spec.services.web?.extensions).toEqual({ 'x-k8s': { b: true } })
  })

  test('an x- name is a name where the file chooses names', () => {
    expect(specOf('services: {x-web: {image: nginx}}').services).toHaveProperty('x-web')
    expect(webOf('environment: {x-a: 1}').environment).toEqual({ 'x-a': '1' })
  })
})

describe('forms', () => {
  test('text is cast where a key asks for another type', () => {
    const web = webOf('scale: "2"\ndeploy: {resources: {limits: {cpus: "0.50", pids: "5"}}}')
    expect(web).toMatchObject({ replicas: 2, resources: { limits: { cpus: 0.5, pids: 5 } } })
  })

  test('old words for true and false are taken with a warning', () => {
    const { spec, problems } = parse(webFile('healthcheck: {test: x, disable: yes}'))
    expect(spec?.services.web?.healthcheck).toBeNull()
    expect(problems).toMatchObject([{ code: 'OLD_BOOLEAN', severity: 'warning' }])
  })

  test.each(['null', 'text', '[]', '5'])('a service that is %s is no service', (value) => {
    expect(problemsOf(`services: {web: ${value}}`)).toEqual(['WRONG_TYPE services.web'])
  })

  test('a wrong item of a list leaves the paths of the others alone', () => {
    expect(placesOf(webFile('ports:\n  - [80]\n  - x'))).toEqual([
      '5:9 WRONG_TYPE services.web.ports[0]',
      '6:9 INVALID_PORT services.web.ports[1]',
    ])
  })
})

describe('the nearest word', () => {
  test.each([
    ['imgae', 'image'],
    ['port', 'ports'],
    ['xyz', null],
    ['x'.repeat(100), null],
  ])('to %s is %s', (word, near) => expect(nearest(word, ['image', 'ports', 'scale'])).toBe(near))
})
