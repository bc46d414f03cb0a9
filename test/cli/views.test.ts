import { describe, expect, it } from 'vitest'
import { liveLines, plainLines } from '../../src/cli/progress-view.ts'
import { systemLines, systemTable, terseLine } from '../../src/cli/system-view.ts'
import type { Job, System } from '../../src/client/shapes.ts'

const plain = (_style: string, text: string) => text

type Progress = Job['progress']

const job = (progress: Partial<Progress>): Job => ({
  id: 'j',
  kind: 'system.start',
  status: 'running',
  done: false,
  system: { name: 'counter', sid: 's', href: '/v1/systems/counter' },
  tenant: 'local',
  revision: 1,
  attempt: 1,
  maxAttempts: 3,
  progress: { step: 'waiting', percent: 30, message: 'waits for redis', services: {}, ...progress },
  createdAt: '2026-01-01T00:00:00.000Z',
  timings: { queuedMs: 0, compileMs: 0, applyMs: 0, waitMs: 0 },
  problems: [],
})

const pulling: Progress['services'] = {
  redis: { readiness: 'pending', reason: { code: 'PULLING', message: 'pulling demo/redis' } },
  web: { readiness: 'absent', reason: { code: 'WAITS_FOR', message: 'waits for redis (healthy)' } },
}

describe('a job that is being worked on', () => {
  it('is a line for each service with its readiness and reason on a terminal', () => {
    expect(liveLines(job({ services: pulling }), 7, plain)).toEqual([
      'Starting counter (7 s) waits for redis',
      '  redis  pending      pulling demo/redis',
      '  web    absent       waits for redis (healthy)',
    ])
  })

  it('does not say about one service what its own line says', () => {
    const said = job({ services: pulling, message: 'redis: pulling demo/redis (and 1 more)' })
    expect(liveLines(said, 0, plain)[0]).toBe('Starting counter (0 s) waiting')
    expect(plainLines(null, said)).toEqual([
      '  redis: pending (pulling demo/redis)',
      '  web: absent (waits for redis (healthy))',
    ])
  })

  it('is what has changed elsewhere', () => {
    const before = job({ services: pulling })
    const after = job({ services: { ...pulling, redis: { readiness: 'ready' } } })
    expect(plainLines(null, before)[0]).toBe('Starting counter: waits for redis')
    expect(plainLines(before, after)).toEqual(['  redis: ready'])
    expect(plainLines(after, after)).toEqual([])
  })

  it('cannot write to the terminal by its reasons', () => {
    const evil = 'one\ntwo\u001b[2J\u0007'
    const shown = job({
      message: evil,
      services: { web: { readiness: 'failed', reason: { code: 'X', message: evil } } },
    })
    const lines = [...liveLines(shown, 0, plain), ...plainLines(null, shown)]
    expect(lines).toHaveLength(4)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is the point
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f]/)
  })
})

const system: System = {
  name: 'counter',
  sid: 's',
  tenant: 'local',
  phase: 'degraded',
  readiness: 'pending',
  exposure: 'nodePort',
  endpoints: [
    { service: 'web', containerPort: 8080, protocol: 'tcp', port: 30080, url: 'http://10.0.0.1:30080' },
    { service: 'web', containerPort: 53, protocol: 'udp', port: 30053, url: null },
  ],
  services: {
    redis: { readiness: 'ready', dependsOn: [] },
    web: {
      readiness: 'pending',
      reason: { code: 'X', message: '0 of 1 are available' },
      dependsOn: ['redis'],
    },
  },
  labels: {},
  job: { id: 'j', href: '/v1/jobs/j' },
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

describe('a system', () => {
  it('is a row', () => {
    expect(systemTable([system], Date.parse('2026-01-01T02:30:00.000Z'), plain)).toEqual([
      'NAME     PHASE     READY  AGE  URL',
      'counter  degraded  1/2    2h   http://10.0.0.1:30080',
    ])
  })

  it('is shown with its services and where it is reached', () => {
    expect(systemLines(system, plain)).toEqual([
      'counter  degraded  since 2026-01-01T00:00:00.000Z',
      '  redis  ready',
      '  web    pending  0 of 1 are available',
      '',
      '  web  8080/tcp  http://10.0.0.1:30080',
      '  web  53/udp    port 30053',
    ])
    expect(systemLines({ ...system, expiresAt: '2026-01-02T00:00:00.000Z' }, plain)[0]).toMatch(
      /, until 2026-01-02T00:00:00.000Z$/,
    )
  })

  it('is three fields for scripts', () => {
    expect(terseLine(system)).toBe('counter\tdegraded\thttp://10.0.0.1:30080')
    expect(terseLine({ ...system, endpoints: [] })).toBe('counter\tdegraded\t')
  })
})
