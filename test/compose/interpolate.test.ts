import { describe, expect, test } from 'vitest'
import { interpolate } from '../../src/compose/interpolate.ts'
import { parse, placesOf, specOf, webOf } from './kit.ts'

const env = { FOO: 'first', BAR: '', JSON: '{"json":2}' }

function textOf(template: string): string {
  const filled = interpolate(template, env)
  return filled.ok ? filled.text : filled.code
}

describe('interpolation', () => {
  test.each([
    ['$FOO', 'first'],
    ['${FOO}', 'first'],
    ['a${FOO}b$FOO.c', 'afirstbfirst.c'],
    ['$foo', ''],
    ['${UNSET:-x}', 'x'],
    ['${BAR:-x}', 'x'],
    ['${BAR-x}', ''],
    ['${FOO:+x}', 'x'],
    ['${BAR:+x}', ''],
    ['${BAR+x}', 'x'],
    ['${UNSET+x}', ''],
    ['${BAR?no}', ''],
  ])('%s gives "%s"', (template, text) => expect(textOf(template)).toBe(text))

  test.each([
    ['${UNSET:-${FOO}}', 'first'],
    ['${UNSET:-${OTHER:-${BAR:-deep}}}!', 'deep!'],
    ['${UNSET-$FOO and $FOO}', 'first and first'],
    ['${UNSET:-{"json":{"a":1}}}', '{"json":{"a":1}}'],
    ['${JSON:-{"json":1}}', '{"json":2}'],
    ['${UNSET:-a:-b?c}', 'a:-b?c'],
    ['${UNSET:-$${FOO}}', '${FOO}'],
  ])('nested: %s gives "%s"', (template, text) => expect(textOf(template)).toBe(text))

  test.each([
    ['$$', '$'],
    ['$$FOO', '$FOO'],
    ['$${FOO}', '${FOO}'],
    ['$$$FOO', '$first'],
    ['^x$', '^x$'],
    ['$}', '$}'],
    ['$ {FOO}', '$ {FOO}'],
    ['$1', '$1'],
    ['100%', '100%'],
  ])('leaves no doubt about the dollar: %s gives "%s"', (template, text) =>
    expect(textOf(template)).toBe(text),
  )

  test.each([
    '${',
    '${}',
    '${ FOO}',
    '${FOO !}',
    '${FOO!}',
    '${1}',
    '${FOO',
    '${UNSET:-x',
    '${FOO:}',
    '${UNSET:-${}}',
  ])('%s is an invalid template', (template) => expect(textOf(template)).toBe('INVALID_TEMPLATE'))

  test('a branch that is not used neither warns nor fails', () => {
    expect(interpolate('${FOO:-${UNSET}}', env)).toEqual({ ok: true, text: 'first', missing: [] })
    expect(textOf('${FOO:-${!}}')).toBe('first')
    expect(textOf('${UNSET:+${NEEDED:?}}x')).toBe('x')
  })

  test('names what is missing', () => {
    expect(interpolate('$A-${B}-$A', {})).toEqual({ ok: true, text: '--', missing: ['A', 'B', 'A'] })
  })

  test('does not see the keys of prototypes', () => {
    expect(interpolate('$constructor$__proto__', {})).toMatchObject({ text: '' })
  })

  test('a required variable fails with its message', () => {
    expect(interpolate('${NEEDED:?give a token}', env)).toMatchObject({
      code: 'VARIABLE_REQUIRED',
      message: expect.stringContaining('give a token'),
    })
    expect(textOf('${BAR:?}')).toBe('VARIABLE_REQUIRED')
  })

  test('never repeats a value in an error', () => {
    const failed = interpolate('${NEEDED:?not ${SECRET}}', { SECRET: 'hunter2' })
    expect(JSON.stringify(failed)).not.toContain('hunter2')
    const { problems } = parse('services: {web: {image: nginx, ports: ["$SECRET"], restart: $SECRET}}', {
      SECRET: 'hunter2',
    })
    expect(problems).toHaveLength(2)
    expect(JSON.stringify(problems)).not.toContain('hunter2')
  })

  test('is bounded in what it writes and how deep it goes', () => {
    expect(interpolate('$A$A$A', { A: 'x'.repeat(100) }, 250)).toMatchObject({ code: 'COMPOSE_TOO_LARGE' })
    expect(textOf('${A:-'.repeat(100_000))).toBe('INVALID_TEMPLATE')
  })
})

describe('interpolation of a file', () => {
  test('values are filled in, keys are not', () => {
    const web = webOf('environment:\n  $FOO: $FOO\n  LIST: "${FOO}/x"', env)
    expect(web.environment).toEqual({ $FOO: 'first', LIST: 'first/x' })
  })

  test('a list of assignments fills in names too', () => {
    expect(webOf('environment: ["$FOO=1"]', env).environment).toEqual({ first: '1' })
  })

  test('a filled-in value gets the type of its key', () => {
    const web = webOf('scale: ${N}\nhealthcheck: {test: x, retries: "${N}", disable: $B}', {
      N: '3',
      B: 'no',
    })
    expect(web).toMatchObject({ replicas: 3, healthcheck: { retries: 3 } })
  })

  test('an unset variable is a warning at the value, and empty', () => {
    const { spec, problems } = parse('services:\n  web:\n    image: nginx\n    command: run $MODE\n')
    expect(problems).toMatchObject([{ code: 'VARIABLE_NOT_SET', severity: 'warning', line: 4, column: 14 }])
    expect(spec?.services.web?.command).toEqual(['run'])
  })

  test('a failed variable is reported once, whatever else could be said about the value', () => {
    const text = 'services:\n  web:\n    image: ${I:?}\n    ports: ["${P:?}"]\n    scale: ${N:?}\n'
    expect(placesOf(text)).toEqual([
      '3:12 VARIABLE_REQUIRED services.web.image',
      '4:13 VARIABLE_REQUIRED services.web.ports[0]',
      '5:12 VARIABLE_REQUIRED services.web.scale',
    ])
  })

  test('COMPOSE_PROJECT_NAME is the name in the file', () => {
    const spec = specOf('name: $N\nservices: {web: {image: "nginx:$COMPOSE_PROJECT_NAME"}}', { N: 'demo' })
    expect(spec.services.web?.image).toBe('nginx:demo')
  })
})
