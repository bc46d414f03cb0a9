import { describe, expect, test } from 'vitest'
import { parse, placesOf, problemsOf, specOf, toLine, webProblems } from './kit.ts'

describe('images', () => {
  test.each([
    'nginx',
    'nginx:1.25',
    'jupyter/datascience-notebook',
    'localhost/a',
    'localhost:5000/a/b:tag',
    '127.0.0.1:5000/a',
    '[::1]:5000/a',
    'ghcr.io/org/app_name.x--y:v1.0-rc.1_2',
    'redis@sha256:0123456789012345678901234567890123456789012345678901234567890123',
    'redis:7@sha256:0123456789012345678901234567890123456789012345678901234567890123',
    'Registry.example/a',
  ])('%s is a reference', (image) => expect(webProblems(`image: "${image}"`)).toEqual([]))

  test.each([
    'Nginx',
    'nginx:',
    ':tag',
    'nginx latest',
    '-nginx',
    'a//b',
    'a/b/',
    'https://docker.io/nginx',
    'nginx:ta:g',
    'nginx@sha256:abc',
    'nginx:-x',
    '0123456789012345678901234567890123456789012345678901234567890123',
    'a'.repeat(300),
  ])('%s is none', (image) =>
    expect(webProblems(`image: "${image}"`)).toEqual(['INVALID_IMAGE services.web.image']),
  )

  test('every service needs one', () => {
    expect(placesOf('services:\n  web: {}\n  db: {image: "$X"}\n')).toEqual([
      '2:3 IMAGE_REQUIRED services.web',
      '3:8 IMAGE_REQUIRED services.db.image',
      '3:15 VARIABLE_NOT_SET services.db.image',
    ])
  })

  test('a service that is built, or provided, needs none', () => {
    expect(problemsOf('services: {web: {build: .}, db: {provider: {type: cloud}}}')).toEqual([])
  })
})

describe('depends_on', () => {
  test('has a short and a long form', () => {
    const spec = specOf(`services:
  web: {image: x, depends_on: [db]}
  job:
    image: x
    depends_on:
      db: {condition: service_healthy, restart: true, required: false}
      web: {condition: service_completed_successfully}
  db: {image: x}
`)
    expect(spec.services.web?.dependsOn).toEqual({
      db: { condition: 'started', required: true, restart: false },
    })
    expect(spec.services.job?.dependsOn).toEqual({
      db: { condition: 'healthy', required: false, restart: true },
      web: { condition: 'completed', required: true, restart: false },
    })
  })

  test('the condition is one of three, and needed in the long form', () => {
    const text = (entry: string) => `services: {web: {image: x, depends_on: {db: ${entry}}}, db: {image: x}}`
    expect(problemsOf(text('{}'))).toEqual(['MISSING_KEY services.web.depends_on.db'])
    expect(problemsOf(text('{condition: ready}'))).toEqual([
      'INVALID_VALUE services.web.depends_on.db.condition',
    ])
    expect(problemsOf(text('null'))).toEqual(['WRONG_TYPE services.web.depends_on.db'])
  })

  test('an unknown service is refused, with the nearest one', () => {
    const text = 'services:\n  web:\n    image: x\n    depends_on:\n      - reddis\n  redis: {image: x}\n'
    expect(placesOf(text)).toEqual(['5:9 UNKNOWN_DEPENDENCY services.web.depends_on.reddis'])
    expect(parse(text).problems[0]?.message).toContain('`redis`')
  })

  test('one that is not required may be missing, and is left out', () => {
    const { spec, problems } = parse(
      'services: {web: {image: x, depends_on: {db: {condition: service_started, required: false}}}}',
    )
    expect(problems).toMatchObject([{ code: 'UNKNOWN_DEPENDENCY', severity: 'info' }])
    expect(spec?.services.web?.dependsOn).toEqual({})
  })

  test('a cycle is named', () => {
    const text = `services:
  a: {image: x, depends_on: [b]}
  b: {image: x, depends_on: [c]}
  c: {image: x, depends_on: [b]}
  d: {image: x, depends_on: [d]}
`
    const { problems } = parse(text)
    expect(problems.map(({ line, code }) => `${line} ${code}`)).toEqual([
      '3 DEPENDENCY_CYCLE',
      '5 DEPENDENCY_CYCLE',
    ])
    expect(problems.map(toLine).join()).toMatch(/b -> c -> b.*d -> d/)
  })
})

describe('names', () => {
  test('a project name is given in its normal form', () => {
    expect(specOf('name: my_app-2\nservices: {web: {image: x}}').name).toBe('my_app-2')
    expect(specOf('name: 2048\nservices: {web: {image: x}}'.replace('2048', '"2048"')).name).toBe('2048')
    expect(problemsOf('name: My App\nservices: {web: {image: x}}')).toEqual(['INVALID_NAME name'])
    expect(problemsOf('name: ""\nservices: {web: {image: x}}')).toEqual(['INVALID_NAME name'])
  })

  test('a service name has letters, digits, dots, dashes and underscores', () => {
    expect(problemsOf('services: {test.a_b-C: {image: x}}')).toEqual([])
    for (const name of ['a b', 'ä', '', '---', 'a/b']) {
      expect(problemsOf({ services: { [name]: { image: 'x' } } })).toEqual([
        `INVALID_SERVICE_NAME services.${name}`,
      ])
    }
  })

  test('two services may not be the same in DNS', () => {
    expect(placesOf('services:\n  my_db: {image: x}\n  my.db: {image: x}\n')).toEqual([
      '3:3 SERVICE_NAMES_COLLIDE services.my.db',
    ])
  })
})

describe('the whole', () => {
  test.each(['name: x', 'services: {}', 'version: "3"'])('%s has no service', (text) => {
    expect(problemsOf(text)).toContain(`SERVICES_REQUIRED ${text.startsWith('services') ? 'services' : ''}`)
  })

  test('the version is obsolete', () => {
    expect(parse('version: 3.8\nservices: {web: {image: x}}').problems).toMatchObject([
      { code: 'NO_EFFECT', severity: 'info', line: 1, column: 1 },
    ])
  })

  test('every problem says where, what and what to do, all at once', () => {
    const { spec, problems } = parse(`services:
  web:
    image: Nginx
    ports: ["99999:80"]
    volumes: [data:/data]
    depends_on: [db]
`)
    expect(spec).toBeNull()
    expect(problems).toEqual([
      {
        code: 'INVALID_IMAGE',
        severity: 'error',
        path: 'services.web.image',
        file: 'compose.yaml',
        line: 3,
        column: 5,
        message:
          '`Nginx` is no image reference (the name must be in lower case): write it as `registry.example/name:tag`.',
      },
      {
        code: 'PORT_OUT_OF_RANGE',
        severity: 'error',
        path: 'services.web.ports[0]',
        file: 'compose.yaml',
        line: 4,
        column: 13,
        message:
          '`99999:80` gives no port (ports go from 1 to 65535): write `8080:80`, `80` or `127.0.0.1:8080:80/udp`.',
      },
      {
        code: 'UNDEFINED_VOLUME',
        severity: 'error',
        path: 'services.web.volumes[0]',
        file: 'compose.yaml',
        line: 5,
        column: 15,
        message: '`web` names `data`, which is not there. Add it under `volumes`.',
      },
      {
        code: 'UNKNOWN_DEPENDENCY',
        severity: 'error',
        path: 'services.web.depends_on.db',
        file: 'compose.yaml',
        line: 6,
        column: 18,
        message:
          '`web` depends on `db`, which is no service here. Add the service, or remove the dependency.',
      },
    ])
  })
})
