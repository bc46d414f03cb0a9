import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/compose/limits.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import { load, loaded, merged, serviceOf, troubles } from '../load-kit.ts'

/** The key `key` of a service, given in two files. */
function both(key: string, base: string, over: string): unknown {
  const texts = [base, over].map((value) => `services: {web: {${key}: ${value}}}`)
  const result = merged(texts[0] ?? '', texts[1] ?? '')
  expect(result.problems).toEqual([])
  return (result.merged as { services: { web: Record<string, unknown> } }).services.web[key]
}

describe('merging two files', () => {
  test.each([
    ['image', 'a', 'b', 'b'],
    ['image', 'a', '~', 'a'],
    ['image', '~', 'b', 'b'],
    ['command', '[a, b]', '[c]', ['c']],
    ['command', 'a b', '[c]', ['c']],
    ['command', '[a]', '~', ['a']],
    ['entrypoint', '[a]', 'b', 'b'],
    ['healthcheck', '{test: [CMD, a], retries: 3}', '{test: b}', { test: 'b', retries: 3 }],
    ['environment', '{A: 1, B: 2}', '{B: 3, C: 4}', { A: 1, B: 3, C: 4 }],
    ['environment', '[A=1, B=2]', '[B=3, C]', ['A=1', 'B=3', 'C']],
    ['environment', '[A=1, B=2]', '{B: 3}', { A: '1', B: 3 }],
    ['environment', '{A: 1}', '[A, B=2]', { A: null, B: '2' }],
    ['environment', '{A: 1}', '{A: ~}', { A: null }],
    ['labels', '{a: b}', '[c=d]', { a: 'b', c: 'd' }],
    ['ports', '["80:80"]', '["80:80", "81:81"]', ['80:80', '81:81']],
    ['ports', '["80:80"]', '["80:80/udp"]', ['80:80', '80:80/udp']],
    ['ports', '["8080:80"]', '[{target: 80, published: "8080"}]', [{ target: 80, published: '8080' }]],
    ['ports', '[80, 90]', '["127.0.0.1::80"]', [80, 90, '127.0.0.1::80']],
    ['expose', '[80, 90]', '["80"]', ['80', 90]],
    ['volumes', '["./a:/d", "bb:/e"]', '["cc:/d:ro"]', ['cc:/d:ro', 'bb:/e']],
    ['volumes', '["./a:/d"]', '[{type: tmpfs, target: /d/}]', [{ type: 'tmpfs', target: '/d/' }]],
    ['volumes', '["/d"]', '["x:/d"]', ['x:/d']],
    ['volumes', "['C:\\a:/d']", '["x:/d"]', ['x:/d']],
    ['devices', '["/dev/a:/dev/x"]', '["/dev/b:/dev/x:r"]', ['/dev/b:/dev/x:r']],
    ['devices', '["v.com/c=d"]', '["v.com/c=d"]', ['v.com/c=d']],
    ['secrets', '[a, b]', '[{source: c, target: a}]', [{ source: 'c', target: 'a' }, 'b']],
    ['configs', '[a]', '[{source: b, target: /a}]', [{ source: 'b', target: '/a' }]],
    [
      'env_file',
      'a.env',
      '[{path: a.env, required: false}, b.env]',
      [{ path: 'a.env', required: false }, 'b.env'],
    ],
    ['label_file', '[a]', 'b', ['a', 'b']],
    ['dns', '1.1.1.1', '[1.1.1.1, 2.2.2.2]', ['1.1.1.1', '2.2.2.2']],
    ['tmpfs', '/a', '/b', ['/a', '/b']],
    ['extra_hosts', '{h: 1.1.1.1}', '["h:1.1.1.1", "h=2.2.2.2"]', ['h:1.1.1.1', 'h=2.2.2.2']],
    ['links', '[a, b]', '["b=c"]', ['a', 'b=c']],
    ['cap_add', '[A]', '[A, B]', ['A', 'B']],
    ['security_opt', '[a]', '[a, b]', ['a', 'a', 'b']],
    ['profiles', '[a]', '[a, b]', ['a', 'b']],
    ['networks', '[a, b]', '{b: {aliases: [x]}}', { a: null, b: { aliases: ['x'] } }],
    ['networks', '{a: {aliases: [x, y]}}', '{a: {aliases: [y, z]}}', { a: { aliases: ['x', 'y', 'z'] } }],
    ['depends_on', '[a]', '{a: {required: false}}', { a: { condition: 'service_started', required: false } }],
    [
      'depends_on',
      '[a]',
      '[b]',
      { a: { condition: 'service_started' }, b: { condition: 'service_started' } },
    ],
    ['build', './a', '{target: t}', { context: './a', target: 't' }],
    ['build', '{args: {A: 1}}', '{args: [B=2]}', { args: { A: 1, B: '2' } }],
    ['ulimits', '{n: {soft: 1, hard: 2}}', '{n: {soft: 3}, m: 4}', { n: { soft: 3 }, m: 4 }],
    [
      'logging',
      '{driver: a, options: {x: y}}',
      '{options: {z: w}}',
      { driver: 'a', options: { x: 'y', z: 'w' } },
    ],
    ['logging', '{driver: a, options: {x: y}}', '{driver: b}', { driver: 'b' }],
    ['deploy', '{replicas: 1, labels: [a=b]}', '{replicas: 2}', { replicas: 2, labels: ['a=b'] }],
    ['x-own', '{a: 1}', '{b: 2}', { b: 2 }],
  ])('%s: %s and %s', (key, base, over, result) => expect(both(key, base, over)).toEqual(result))

  test('keeps the order of what is there, and adds what is new at the end', () => {
    const spec = loaded([
      'services: {b: {image: b}, a: {image: a}}',
      'services: {c: {image: c}, b: {restart: always}}',
    ])
    expect(Object.keys(spec.services)).toEqual(['b', 'a', 'c'])
    expect(serviceOf(spec, 'b')).toMatchObject({ image: 'b', restart: { condition: 'always' } })
  })

  test('a port of one file takes the place of the same one in a range of another', () => {
    const spec = loaded([
      'services: {web: {image: a, ports: ["8080-8081:80-81"]}}',
      'services: {web: {ports: ["8081:81", "8082:82"]}}',
    ])
    expect(serviceOf(spec).ports.map(({ target }) => target)).toEqual([80, 81, 82])
  })

  test('a port twice in one file is still an error', () => {
    expect(troubles('services: {web: {image: a, ports: ["80:80", "80:80"]}}')).toHaveLength(1)
  })

  test('takes text and JSON, and any number of them', () => {
    const files = [
      'services: {web: {image: a}}',
      { services: { web: { scale: 2 } } },
      'services: {web: {tty: true}}',
    ]
    expect(serviceOf(loaded(files))).toMatchObject({ image: 'a', replicas: 2, tty: true })
  })

  test('variables are filled in file by file, and anchors stay in theirs', () => {
    const files = [
      'services: {web: {image: "a:$TAG", environment: ["A=$A"]}}',
      'services: {web: {environment: {B: $$A}}}',
    ]
    expect(serviceOf(loaded(files, {}, { env: { TAG: '1', A: 'x' } }))).toMatchObject({
      image: 'a:1',
      environment: { A: 'x', B: '$A' },
    })
    expect(troubles(['x-a: &a {image: a}\nservices: {web: *a}', 'services: {web: *a}'])).toEqual([
      'compose[1]:1:17 INVALID_YAML ',
    ])
  })

  test('the last name given is the name, also in variables', () => {
    const files = ['name: one\nservices: {web: {image: "a:$COMPOSE_PROJECT_NAME"}}', 'name: two']
    const spec = loaded(files)
    expect(spec.name).toBe('two')
    expect(serviceOf(spec).image).toBe('a:two')
  })

  test('several documents in one file are files, too', () => {
    const spec = loaded('services: {web: {image: a, tty: true}}\n---\n---\nservices: {web: {image: b}}\n')
    expect(serviceOf(spec)).toMatchObject({ image: 'b', tty: true })
  })
})

describe('what is wrong in merged files', () => {
  test('is told with the file, line and column that it came from', () => {
    const files = [
      'services:\n  web:\n    image: a\n    imagee: b\n',
      'services:\n  web:\n    restart: sometimes\n',
    ]
    expect(troubles(files)).toEqual([
      'compose[0]:4:5 UNKNOWN_KEY services.web.imagee',
      'compose[1]:3:14 INVALID_VALUE services.web.restart',
    ])
    expect(troubles(files, {}, { fileNames: ['a.yaml', 'b.yaml'] })[1]).toMatch(/^b\.yaml:3:14 /)
  })

  test('every path has its own place', () => {
    const { positions } = load([
      'services:\n  web:\n    image: a\n    environment:\n      A: 1\n      B: 2\n',
      'services:\n  web:\n    environment:\n      B: 3\n    tty: true\n',
    ])
    expect(positions).toMatchObject({
      'services.web': { file: 'compose[0]', line: 2 },
      'services.web.image': { file: 'compose[0]', line: 3 },
      'services.web.environment.A': { file: 'compose[0]', line: 5 },
      'services.web.environment.B': { file: 'compose[1]', line: 4 },
      'services.web.tty': { file: 'compose[1]', line: 5 },
    })
  })

  test('forms that do not go together', () => {
    const base = 'services: {web: {image: a, ports: [80], deploy: {replicas: 1}}}'
    expect(troubles([base, 'services: {web: {ports: {a: b}}}'])).toEqual([
      'compose[1]:1:18 WRONG_TYPE services.web.ports',
      'compose[1]:1:25 CANNOT_MERGE services.web.ports',
    ])
    expect(troubles([base, 'services: {web: {deploy: [1]}}'])).toContain(
      'compose[1]:1:26 CANNOT_MERGE services.web.deploy',
    )
    expect(troubles([base, '[]'])).toEqual(['compose[1]:1:1 WRONG_TYPE '])
    expect(troubles([base, ''])).toEqual(['compose[1]:1:1 EMPTY_COMPOSE '])
  })

  test('more Compose files than are allowed', () => {
    const limits = { ...DEFAULT_LIMITS, loads: 3 }
    const { problems } = parseCompose({ compose: Array(4).fill('services: {}'), env: {} }, limits)
    expect(problems).toMatchObject([{ code: 'TOO_MANY_FILES', message: expect.stringContaining('3') }])
  })
})
