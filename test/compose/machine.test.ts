import { describe, expect, test } from 'vitest'
import { parse, placesOf, webFile, webOf, webProblems } from './kit.ts'

describe('the older keys of limits', () => {
  test('are limits and reservations', () => {
    const lines = 'cpus: "1.5"\nmem_limit: 1g\nmem_reservation: 512m\npids_limit: 100'
    expect(webOf(lines).resources).toMatchObject({
      limits: { cpus: 1.5, memoryBytes: 2 ** 30, pids: 100 },
      reservations: { memoryBytes: 2 ** 29 },
    })
  })

  test.each([
    ['cpus: 1', 'limits: {cpus: 2}', 'cpus'],
    ['mem_limit: 1g', 'limits: {memory: 2g}', 'mem_limit'],
    ['mem_reservation: 1g', 'reservations: {memory: 2g}', 'mem_reservation'],
    ['pids_limit: 1', 'limits: {pids: 2}', 'pids_limit'],
  ])('%s and %s differ', (own, deployed, key) => {
    const lines = `${own}\ndeploy: {resources: {${deployed}}}`
    expect(webProblems(lines)).toEqual([`CONFLICTING_KEYS services.web.${key}`])
  })

  test('may say the same', () => {
    expect(webProblems('mem_limit: 1g\ndeploy: {resources: {limits: {memory: 1024m}}}')).toEqual([])
  })

  test('stand where they are written, also for what speaks of deploy', () => {
    const { positions } = parse(webFile('mem_limit: 1g\nscale: 2'))
    expect(positions['services.web.deploy.resources.limits.memory']).toMatchObject({ line: 4 })
    expect(positions['services.web.deploy.replicas']).toMatchObject({ line: 5 })
  })

  test('0 is no limit, whatever is reserved', () => {
    expect(webProblems('mem_limit: 0\nmem_reservation: 1g')).toEqual([])
  })
})

describe('settings of the machine', () => {
  test('are numbers, sizes and durations', () => {
    const lines =
      'cpu_rt_period: 1400us\ncpu_shares: 512\nmemswap_limit: -1\noom_score_adj: -500\nshm_size: 64mb'
    expect(webOf(lines)).toMatchObject({
      cpu: { realtimePeriodUs: 2000, shares: 512 },
      memory: { swapBytes: -1, oomScoreAdjustment: -500 },
      shmSizeBytes: 67108864,
    })
  })

  test('limits of a process are one number, or two', () => {
    expect(webOf('ulimits: {nproc: 65535, nofile: {soft: 20000, hard: "40000"}}').ulimits).toEqual({
      nproc: { soft: 65535, hard: 65535 },
      nofile: { soft: 20000, hard: 40000 },
    })
  })

  test('devices are paths, or names of vendors', () => {
    expect(webOf('devices: ["/dev/a:/dev/b:r", /dev/c, "vendor.com/class=one"]').devices).toEqual([
      { source: '/dev/a', target: '/dev/b', permissions: 'r' },
      { source: '/dev/c', target: '/dev/c', permissions: 'rwm' },
      { source: 'vendor.com/class=one', target: null, permissions: null },
    ])
  })

  test('gpus are all, or requests', () => {
    expect(webOf('gpus: all').gpus).toMatchObject([{ count: 'all' }])
    expect(webOf('gpus: [{driver: nvidia, count: "2", options: [a=b]}]').gpus).toMatchObject([
      { driver: 'nvidia', count: 2, options: { a: 'b' } },
    ])
  })

  test.each([
    ['sysctls: [a.b=1, c.d]', { sysctls: { 'a.b': '1', 'c.d': '' } }],
    [
      'security_opt: [no-new-privileges, "label:user:x"]',
      { security: { options: [{ value: null }, { value: 'user:x' }] } },
    ],
    ['user: "1000:100"', { user: { user: '1000', group: '100' } }],
    ['platform: linux/arm64/v8', { platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } }],
    ['pull_policy: if_not_present', { pullPolicy: { when: 'missing' } }],
    ['pull_policy: every_12h', { pullPolicy: { when: 'refresh', everyMs: 43_200_000 } }],
    [
      'pull_policy: refresh\npull_refresh_after: 1d',
      { pullPolicy: { when: 'refresh', everyMs: 86_400_000 } },
    ],
  ])('%s', (lines, expected) => expect(webOf(lines)).toMatchObject(expected))

  test.each([
    ['ulimits: {nofile: {soft: 1}}', 'MISSING_KEY services.web.ulimits.nofile'],
    ['ulimits: {nofile: {soft: 2, hard: 1}}', 'INVALID_VALUE services.web.ulimits.nofile.soft'],
    ['gpus: some', 'INVALID_VALUE services.web.gpus'],
    ['gpus: [{count: many}]', 'INVALID_VALUE services.web.gpus[0].count'],
    ['oom_score_adj: 2000', 'INVALID_VALUE services.web.oom_score_adj'],
    ['cgroup: other', 'INVALID_VALUE services.web.cgroup'],
    ['pull_policy: sometimes', 'INVALID_VALUE services.web.pull_policy'],
    ['shm_size: big', 'INVALID_VALUE services.web.shm_size'],
    ['user: ":1"', 'INVALID_VALUE services.web.user'],
    ['devices: [":/x"]', 'INVALID_DEVICE services.web.devices[0]'],
  ])('%s is refused', (lines, problem) => expect(webProblems(lines)).toEqual([problem]))
})

test('a list item of the environment has its own line', () => {
  const { positions } = parse(webFile('environment:\n  - A=1\n  - B=2'))
  expect(positions['services.web.environment.B']).toMatchObject({ line: 6, column: 9 })
})

test('ports after a range are found at their own line', () => {
  const { positions } = parse(webFile('ports:\n  - 80-81\n  - 90'))
  expect(positions['services.web.ports[1]']).toMatchObject({ line: 5 })
  expect(positions['services.web.ports[2]']).toMatchObject({ line: 6 })
  expect(placesOf(webFile('ports:\n  - 80-81\n  - [1]'))).toEqual(['6:9 WRONG_TYPE services.web.ports[1]'])
})
