import { describe, expect, test } from 'vitest'
import { emptyService, emptySystem } from '../../src/system/empty.ts'
import { parse, specOf, webFile, webOf, webProblems } from './kit.ts'

describe('a service of which nothing but the image is said', () => {
  test('has the defaults of the specification', () => {
    const spec = specOf('services: {web: {image: nginx}}')
    expect(spec).toEqual({ ...emptySystem(), services: { web: emptyService('nginx') } })
  })
})

describe('command and entrypoint', () => {
  test.each([
    ['start.sh jupyter lab --LabApp.token=', ['start.sh', 'jupyter', 'lab', '--LabApp.token=']],
    [`sh -c 'echo "a b" $$HOME'`, ['sh', '-c', 'echo "a b" $HOME']],
    ['["a b", c]', ['a b', 'c']],
    ['""', []],
    ['[]', []],
    ['null', null],
  ])('%s', (command, words) => {
    expect(webOf(`command: ${command}`).command).toEqual(words)
    expect(webOf(`entrypoint: ${command}`).entrypoint).toEqual(words)
  })

  test('a quote that is not closed is refused', () => {
    expect(webProblems(`command: sh -c "x`)).toEqual(['INVALID_COMMAND services.web.command'])
  })

  test('a list holds texts', () => {
    expect(webProblems('command: [sleep, 10]')).toEqual(['WRONG_TYPE services.web.command[1]'])
  })
})

describe('environment', () => {
  test('is the same as a map and as a list', () => {
    const map = webOf('environment: {A: 1, B: "x=y", C: "", D: true}').environment
    expect(map).toEqual({ A: '1', B: 'x=y', C: '', D: 'true' })
    expect(webOf('environment: [A=1, B=x=y, C=, D=true]').environment).toEqual(map)
  })

  test('takes a variable without a value from the request, or leaves it out', () => {
    const env = { A: 'a', EMPTY: '' }
    expect(webOf('environment: {A: , B: , EMPTY: }', env).environment).toEqual({ A: 'a', EMPTY: '' })
    expect(webOf('environment: [A, B, EMPTY]', env).environment).toEqual({ A: 'a', EMPTY: '' })
  })

  test('keeps the order of the file, and the last of a name', () => {
    expect(Object.entries(webOf('environment: [B=1, A=2, B=3]').environment)).toEqual([
      ['B', '3'],
      ['A', '2'],
    ])
  })

  test('a name is needed', () => {
    expect(webProblems('environment: ["=x"]')).toEqual(['INVALID_VARIABLE_NAME services.web.environment[0]'])
    expect(webProblems('environment: {"A=B": x}')).toEqual([
      'INVALID_VARIABLE_NAME services.web.environment.A=B',
    ])
  })
})

describe('restart', () => {
  test.each([
    ['no', { condition: 'no' }],
    ['"no"', { condition: 'no' }],
    ['always', { condition: 'always' }],
    ['unless-stopped', { condition: 'unless-stopped' }],
    ['on-failure', { condition: 'on-failure', maxAttempts: null }],
    ['on-failure:3', { condition: 'on-failure', maxAttempts: 3 }],
  ])('%s', (restart, condition) => expect(webOf(`restart: ${restart}`).restart).toEqual(condition))

  test.each(['never', 'on-failure:x', '""'])('%s is refused', (restart) => {
    expect(webProblems(`restart: ${restart}`)).toEqual(['INVALID_VALUE services.web.restart'])
  })
})

describe('replicas', () => {
  test('come from deploy or from scale, 0 allowed', () => {
    expect(webOf('deploy: {replicas: 0}').replicas).toBe(0)
    expect(webOf('scale: 3').replicas).toBe(3)
    expect(webOf('scale: 3\ndeploy: {replicas: 3}').replicas).toBe(3)
  })

  test('agree and are not negative', () => {
    expect(webProblems('scale: 2\ndeploy: {replicas: 3}')).toEqual(['CONFLICTING_KEYS services.web.scale'])
    expect(webProblems('scale: -1')).toEqual(['INVALID_VALUE services.web.scale'])
    expect(webProblems('deploy: {replicas: -1}')).toEqual(['INVALID_VALUE services.web.deploy.replicas'])
    expect(webProblems('scale: 1.5')).toEqual(['WRONG_TYPE services.web.scale'])
  })
})

describe('resources', () => {
  const resources = (lines: string) => webOf(`deploy: {resources: {${lines}}}`).resources

  test('are cores and bytes', () => {
    expect(
      resources('limits: {cpus: 1.5, memory: 1.5g, pids: 100}, reservations: {cpus: "0.25", memory: 20M}'),
    ).toEqual({
      limits: { cpus: 1.5, memoryBytes: 1_610_612_736, pids: 100 },
      reservations: {
        cpus: 0.25,
        memoryBytes: 20_971_520,
        pids: null,
        devices: [],
        genericResources: [],
      },
    })
  })

  test('0 and -1 processes mean no limit', () => {
    expect(resources('limits: {cpus: 0, memory: "0", pids: -1}').limits).toEqual({
      cpus: null,
      memoryBytes: null,
      pids: null,
    })
  })

  test.each([
    ['limits: {cpus: -1}', 'INVALID_VALUE services.web.deploy.resources.limits.cpus'],
    ['limits: {cpus: fast}', 'WRONG_TYPE services.web.deploy.resources.limits.cpus'],
    ['limits: {memory: 5 apples}', 'INVALID_VALUE services.web.deploy.resources.limits.memory'],
    ['limits: {memory: 512}', 'WRONG_TYPE services.web.deploy.resources.limits.memory'],
    ['limits: {pids: -2}', 'INVALID_VALUE services.web.deploy.resources.limits.pids'],
    [
      'limits: {cpus: 1}, reservations: {cpus: 2}',
      'RESERVATION_ABOVE_LIMIT services.web.deploy.resources.reservations.cpus',
    ],
    [
      'limits: {memory: 1m}, reservations: {memory: 1g}',
      'RESERVATION_ABOVE_LIMIT services.web.deploy.resources.reservations.memory',
    ],
    ['impossible: {x: 1}', 'UNKNOWN_KEY services.web.deploy.resources.impossible'],
  ])('%s is refused', (lines, problem) => {
    expect(webProblems(`deploy: {resources: {${lines}}}`)).toEqual([problem])
  })

  test('deploy may be empty', () => expect(webProblems('deploy:')).toEqual([]))
})

describe('healthcheck', () => {
  const DEFAULTS = {
    intervalMs: 30_000,
    timeoutMs: 30_000,
    retries: 3,
    startPeriodMs: 0,
    startIntervalMs: 5_000,
  }

  test.each([
    ['curl -f "x y"', { kind: 'shell', command: 'curl -f "x y"' }],
    ['[CMD-SHELL, "curl x || exit 1"]', { kind: 'shell', command: 'curl x || exit 1' }],
    ['[CMD, redis-cli, ping]', { kind: 'exec', argv: ['redis-cli', 'ping'] }],
  ])('test: %s, with the defaults of Docker', (line, check) => {
    expect(webOf(`healthcheck:\n  test: ${line}`).healthcheck).toEqual({ test: check, ...DEFAULTS })
  })

  test('has its own timings; 0 asks for the default', () => {
    const lines = 'test: x, interval: 1m30s, timeout: 500ms, retries: 5, start_period: 1h, start_interval: 0s'
    expect(webOf(`healthcheck: {${lines}}`).healthcheck).toMatchObject({
      intervalMs: 90_000,
      timeoutMs: 500,
      retries: 5,
      startPeriodMs: 3_600_000,
      startIntervalMs: 5_000,
    })
  })

  test.each(['test: [NONE]', 'disable: true', 'disable: true, test: x'])('%s means none', (lines) => {
    expect(parse(webFile(`healthcheck: {${lines}}`))).toMatchObject({
      problems: [],
      spec: { services: { web: { healthcheck: null } } },
    })
  })

  test('timings without a test are a warning, not an error', () => {
    const { spec, problems } = parse(webFile('healthcheck: {interval: 5s}'))
    expect(spec?.services.web?.healthcheck).toBeNull()
    expect(problems).toMatchObject([{ code: 'HEALTHCHECK_WITHOUT_TEST', severity: 'warning' }])
  })

  test.each([
    ['test: [curl, x]', 'INVALID_VALUE services.web.healthcheck.test'],
    ['test: [CMD]', 'INVALID_VALUE services.web.healthcheck.test'],
    ['test: x, interval: soon', 'INVALID_VALUE services.web.healthcheck.interval'],
    ['test: x, interval: -1s', 'INVALID_VALUE services.web.healthcheck.interval'],
    ['test: x, interval: 30', 'WRONG_TYPE services.web.healthcheck.interval'],
    ['test: x, retries: -1', 'INVALID_VALUE services.web.healthcheck.retries'],
  ])('%s is refused', (lines, problem) => expect(webProblems(`healthcheck: {${lines}}`)).toEqual([problem]))
})
