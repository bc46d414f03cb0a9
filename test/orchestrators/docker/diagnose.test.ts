// How a service stands, of what an engine says of its containers.
import { describe, expect, it } from 'vitest'
import { serviceStanding } from '../../../src/orchestrators/docker/engine/readiness.ts'
import type { SeenContainer } from '../../../src/orchestrators/docker/engine/seen.ts'

const now = 1_000_000

function seen(changes: Partial<SeenContainer>): SeenContainer {
  return {
    identity: { tenant: 't', namespace: 'default', name: 'app', sid: 's1' },
    service: 'web',
    ...{ id: 'c1', name: 'app-web-1', mark: 'm', createdAt: now - 60_000, startedAt: now - 50_000 },
    ...{ status: 'running', health: 'none', failingStreak: 0, exitCode: 0, error: '' },
    ...{ isOutOfMemory: false, restarts: 0, policy: 'no', rests: false, isSuspended: false },
    ...changes,
  }
}

const standing = (...changes: Partial<SeenContainer>[]) => serviceStanding(changes.map(seen), now)
const state = (...changes: Partial<SeenContainer>[]) => standing(...changes).state

describe('a service without a healthcheck', () => {
  it('is ready when it has been up for a second', () => {
    expect(state({})).toMatchObject({ readiness: 'ready', started: true, completed: false })
    const early = standing({ startedAt: now - 400 })
    expect(early.state).toMatchObject({ readiness: 'pending', reason: { code: 'NOT_READY' } })
    expect(early.again).toBe(now + 600)
  })

  it('that was restarted is ready when it has been up for ten', () => {
    expect(state({ restarts: 1, startedAt: now - 9_000 }).reason?.code).toBe('RESTARTING')
    expect(state({ restarts: 1, startedAt: now - 10_000 }).readiness).toBe('ready')
  })
})

describe('a service with a healthcheck', () => {
  it('is ready when it is healthy, and says how often it has failed', () => {
    expect(state({ health: 'healthy' }).readiness).toBe('ready')
    expect(state({ health: 'starting' }).reason?.message).toContain('has not succeeded yet')
    expect(state({ health: 'unhealthy', failingStreak: 3 })).toMatchObject({
      readiness: 'pending',
      reason: { code: 'NOT_READY', message: expect.stringContaining('failed 3 times in a row') },
    })
  })
})

describe('a container that ends', () => {
  it('keeps ending with its third restart, where nothing ends that', () => {
    const ending = { status: 'restarting', policy: 'always', exitCode: 137, isOutOfMemory: true } as const
    expect(state({ ...ending, restarts: 2 })).toMatchObject({
      readiness: 'pending',
      reason: { code: 'RESTARTING' },
    })
    expect(state({ ...ending, restarts: 3 })).toMatchObject({
      readiness: 'failed',
      reason: {
        code: 'CRASH_LOOP',
        exitCode: 137,
        message: 'It keeps ending: restarted 3 times, the last time with code 137 (OOMKilled)',
      },
    })
    expect(state({ ...ending, policy: 'on-failure', restarts: 9 }).readiness).toBe('pending')
  })

  it('has completed where it runs once and ends well', () => {
    expect(state({ status: 'exited' })).toMatchObject({ readiness: 'ready', completed: true, idle: true })
    expect(state({ status: 'exited' }, {})).toMatchObject({ readiness: 'ready', completed: false })
  })

  it('has failed where it ends badly as often as it may', () => {
    expect(state({ status: 'exited', exitCode: 2, policy: 'on-failure', restarts: 1 })).toMatchObject({
      readiness: 'failed',
      reason: {
        code: 'JOB_FAILED',
        exitCode: 2,
        message: 'It ended with code 2, and was started again once before',
      },
    })
  })

  it('was stopped by somebody where the engine would start it again', () => {
    expect(state({ status: 'exited', policy: 'unless-stopped' })).toMatchObject({
      readiness: 'absent',
      idle: true,
    })
  })

  it('could not be started, in the words of the engine', () => {
    expect(
      state({ status: 'created', startedAt: 0, error: 'OCI runtime create failed: x: y' }),
    ).toMatchObject({
      readiness: 'failed',
      started: false,
      reason: { code: 'CONTAINER_START_FAILED', message: 'Its container can not be started: x: y' },
    })
  })
})

describe('several copies', () => {
  it('are as the one that is the furthest from ready', () => {
    expect(state({}, { startedAt: now - 100 }).readiness).toBe('pending')
    expect(state({}, { status: 'exited', exitCode: 1 }).readiness).toBe('failed')
    expect(state({ id: 'a' }, { id: 'b' }).readiness).toBe('ready')
  })

  it('have the newest change of any of them as their version', () => {
    const { version } = state({ startedAt: now - 5_000 }, { startedAt: now - 3_000 })
    expect(version).toEqual({ of: 's1/web', number: now - 3_000 })
  })
})

describe('what rests', () => {
  it('is absent and idle in a suspended system, and ready where no copy is wanted', () => {
    const resting = { status: 'created', startedAt: 0, rests: true } as const
    expect(state({ ...resting, isSuspended: true })).toMatchObject({ readiness: 'absent', idle: true })
    expect(state(resting).readiness).toBe('ready')
  })
})
