import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/compose/limits.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import { load, loaded, serviceOf, troubleCodes, troubles } from '../load-kit.ts'

const BASE = '  base:\n    image: a\n    command: [run]\n    environment: {A: 1, B: 2}\n    labels: [x=y]\n'

function web(lines: string, files: Record<string, string> = {}) {
  return serviceOf(loaded(`services:\n${BASE}  web:\n    ${lines}\n`, files))
}

describe('extends within a file', () => {
  test.each(['extends: base', 'extends: {service: base}'])('%s brings what the other has', (lines) => {
    expect(web(`${lines}\n    environment: {B: 3}\n    labels: {z: w}`)).toMatchObject({
      image: 'a',
      command: ['run'],
      environment: { A: '1', B: '3' },
      labels: { x: 'y', z: 'w' },
    })
  })

  test('goes on in a chain, whatever the order', () => {
    const spec = loaded(`services:
  one: {extends: two, environment: {C: 1}}
  two: {extends: three, environment: {B: 1}}
  three: {image: a, environment: {A: 1}}
`)
    expect(serviceOf(spec, 'one').environment).toEqual({ A: '1', B: '1', C: '1' })
    expect(serviceOf(spec, 'two').environment).toEqual({ A: '1', B: '1' })
  })

  test('brings dependencies and mounts, whose objects must be there', () => {
    const text =
      'services:\n  a: {image: a, depends_on: [b], volumes: ["data:/d"]}\n  b: {image: b}\n  c: {extends: a}\n'
    const spec = loaded(`${text}volumes: {data: {}}\n`)
    expect(serviceOf(spec, 'c')).toMatchObject({ dependsOn: { b: {} }, mounts: [{ target: '/d' }] })
  })

  test('sees only its own file', () => {
    const files = ['services: {base: {image: a}}', 'services:\n  web:\n    extends: base\n']
    expect(troubles(files)).toContain('compose[1]:3:14 UNKNOWN_EXTENDED_SERVICE services.web.extends')
  })

  test('of a service that a later file changes takes it as its own file has it', () => {
    const spec = loaded([
      'services: {base: {image: a}, web: {extends: base}}',
      'services: {base: {image: b}}',
    ])
    expect([serviceOf(spec).image, serviceOf(spec, 'base').image]).toEqual(['a', 'b'])
  })
})

describe('extends of another file', () => {
  const files = {
    'common/base.yaml': `services:
  base:
    image: "a:$TAG"
    env_file: [base.env]
    build: .
    volumes: ["./data:/d", "named:/n", {type: bind, source: ../up, target: /u}]
    extends: {file: deep/root.yaml, service: root}
  unused: {image: "$NOT_SET"}
`,
    'common/deep/root.yaml':
      'services: {root: {image: r, build: {context: ctx}, tty: true, label_file: root.labels}}',
    'common/base.env': 'A=1\n',
    'common/deep/root.labels': 'l=m\n',
  }

  test('resolves paths from that file, and variables from the request', () => {
    const text = 'services: {web: {extends: {file: ./common/base.yaml, service: base}}}\nvolumes: {named: {}}'
    const service = serviceOf(loaded(text, files, { env: { TAG: '1' } }))
    expect(service).toMatchObject({ image: 'a:1', tty: true, environment: { A: '1' }, labels: { l: 'm' } })
    const mounts = JSON.stringify(service.mounts)
    expect(mounts).toContain('"./common/data"')
    expect(mounts).toContain('"./up"')
    expect(mounts).toContain('"named"')
    expect(service.build?.context).toBe('./common')
  })

  test('does not read what it does not need', () => {
    const text = 'services: {web: {extends: {file: common/base.yaml, service: base}}}\nvolumes: {named: {}}'
    expect(troubleCodes(text, files, { env: { TAG: '1' } })).not.toContain('VARIABLE_NOT_SET')
  })

  test('places problems in the file that they are in', () => {
    const text = 'services: {web: {extends: {file: b.yaml, service: b}}}'
    const place = troubles(text, {
      'b.yaml': 'services:\n  b:\n    image: a\n    restart: maybe\n    imagee: b\n',
    })
    expect(place).toEqual([
      'b.yaml:4:14 INVALID_VALUE services.web.restart',
      'b.yaml:5:5 UNKNOWN_KEY services.web.imagee',
    ])
  })

  test('an empty service is nothing to add', () => {
    const text = 'services: {web: {image: a, extends: {file: b.yaml, service: b}}}'
    expect(serviceOf(loaded(text, { 'b.yaml': 'services: {b: }' })).image).toBe('a')
  })
})

describe('extends that can not be', () => {
  test.each([
    ['extends: nobody', 'UNKNOWN_EXTENDED_SERVICE'],
    ['extends: {file: none.yaml, service: b}', 'FILE_NOT_FOUND'],
    ['extends: {file: /etc/compose.yaml, service: b}', 'PATH_OUTSIDE_PROJECT'],
    ['extends: {file: ../b.yaml, service: b}', 'PATH_OUTSIDE_PROJECT'],
    ['extends: {file: "https://a.example/b.yaml", service: b}', 'REMOTE_FILE'],
    ['extends: {file: "git@a.example:b.git", service: b}', 'REMOTE_FILE'],
    ['extends: {fil: b.yaml, service: b}', 'UNKNOWN_KEY'],
    ['extends: [a]', 'WRONG_TYPE'],
    ['extends: {service: base, file: bytes.yaml}', 'FILE_NOT_TEXT'],
  ])('%s: %s', (lines, code) => {
    const text = `services:\n${BASE}  web:\n    ${lines}\n    image: b\n`
    const problems = load(text, { 'bytes.yaml': { base64: '/w==' } }).problems.filter(
      ({ severity }) => severity === 'error',
    )
    expect(problems.map((problem) => problem.code)).toContain(code)
    expect(problems[0]).toMatchObject({ file: 'compose.yaml', line: 8 })
  })

  test('names the nearest service', () => {
    const { problems } = load('services: {base: {image: a}, web: {extends: bse}}')
    expect(problems[0]?.message).toContain('did you mean `base`?')
  })

  test('a cycle, told once', () => {
    expect(troubleCodes('services: {a: {extends: b}, b: {extends: c}, c: {extends: a}}')).toContain(
      'EXTENDS_CYCLE',
    )
    expect(troubleCodes('services: {a: {extends: a, image: x}}')).toEqual(['EXTENDS_CYCLE'])
  })

  test('a cycle over files', () => {
    const files = {
      'a.yaml': 'services: {s: {extends: {file: b.yaml, service: s}}}',
      'b.yaml': 'services: {s: {extends: {file: a.yaml, service: s}}}',
    }
    expect(troubleCodes('services: {s: {extends: {file: a.yaml, service: s}, image: x}}', files)).toContain(
      'EXTENDS_CYCLE',
    )
  })

  test.each([
    ['first to last', (index: number, count: number) => (index === count ? null : index + 1)],
    ['last to first', (index: number) => (index === 0 ? null : index - 1)],
  ])('a chain that is too deep, from %s', (_, next) => {
    const count = DEFAULT_LIMITS.loadDepth + 1
    const lines = Array.from({ length: count + 1 }, (_each, index) => {
      const other = next(index, count)
      return `  s${index}: ${other === null ? '{image: a}' : `{extends: s${other}}`}`
    })
    expect(troubleCodes(`services:\n${lines.join('\n')}\n`)).toContain('FILES_NESTED_TOO_DEEP')
  })

  test('more than the limit to merge', () => {
    const lines = Array.from({ length: 20 }, (_, index) => `  s${index}: {extends: base}`)
    const text = `services:\n${BASE}${lines.join('\n')}\n`
    const { problems } = parseCompose({ compose: text, env: {} }, { ...DEFAULT_LIMITS, mergedNodes: 50 })
    expect(problems).toMatchObject([{ code: 'MERGE_LIMIT', message: expect.stringContaining('50') }])
  })
})
