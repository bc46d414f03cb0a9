// When a waiting job loses patience, by a clock of the test.
import { describe, expect, it } from 'vitest'
import { nextDeadline, toOutline } from '../../src/jobs/deadlines.ts'
import type { StageOutline } from '../../src/jobs/job.ts'
import { observed } from '../../src/jobs/observed.ts'
import { expired } from '../../src/jobs/work.ts'
import type { ServiceState } from '../../src/system/readiness.ts'
import { must, systemSpec, t0, waitingWork } from '../kit/work.ts'

const pending = (code: string, message = code): ServiceState => ({
  readiness: 'pending',
  started: code === 'NOT_READY',
  completed: false,
  reason: { code, message },
})
const seen = (services: Record<string, ServiceState>) => ({
  services,
  remaining: ['Deployment/x'],
  stamp: 'one',
})

const healthcheck = {
  test: { kind: 'exec' as const, argv: ['true'] },
  intervalMs: 2_000,
  timeoutMs: 1_000,
  retries: 3,
  startPeriodMs: 4_000,
  startIntervalMs: 5_000,
}
const spec = systemSpec({
  redis: { healthcheck },
  web: { dependsOn: { redis: { condition: 'healthy', required: true, restart: false } } },
})
const stages: StageOutline[] = [
  { services: ['redis'], requires: [] },
  { services: ['web'], requires: [{ service: 'redis', condition: 'healthy' }] },
].map((stage) => toOutline(stage as StageOutline, spec))
/** Start period, retries × interval, and the time of the last one. */
const patienceMs = 4_000 + 3 * 2_000 + 1_000

/** Fails by then, and not a millisecond before. */
function endOf(work: ReturnType<typeof waitingWork>, at: number) {
  expect(nextDeadline(work.job)).toBe(at)
  expect(expired(work, at - 1)).toBeNull()
  return must(expired(work, at)).job.error
}

describe('a service that another wants healthy', () => {
  it('fails the job when it has been unhealthy for start period and retries', () => {
    const work = must(observed(waitingWork({ spec }, stages), seen({ redis: pending('NOT_READY') }), t0))
    expect(endOf(work, t0 + patienceMs)).toMatchObject({
      code: 'UNHEALTHY',
      retryable: false,
      details: { service: 'redis' },
      message: expect.stringContaining('unhealthy after 11 s'),
    })
  })

  it('has its time anew when its container was started anew', () => {
    const first = must(observed(waitingWork({ spec }, stages), seen({ redis: pending('NOT_READY') }), t0))
    const again = must(observed(first, seen({ redis: pending('RESTARTING') }), t0 + 5_000))
    expect(nextDeadline(again.job)).toBe(again.job.deadlineAt)
    const work = must(observed(again, seen({ redis: pending('NOT_READY') }), t0 + 6_000))
    expect(nextDeadline(work.job)).toBe(t0 + 6_000 + patienceMs)
  })

  it('keeps its time when only the words change', () => {
    const first = must(observed(waitingWork({ spec }, stages), seen({ redis: pending('NOT_READY') }), t0))
    const work = must(observed(first, seen({ redis: pending('NOT_READY', 'still') }), t0 + 5_000))
    expect(nextDeadline(work.job)).toBe(t0 + patienceMs)
  })
})

describe('a service that nobody waits for', () => {
  it('has time until the deadline of the job', () => {
    const work = must(observed(waitingWork(), seen({ web: pending('NOT_READY') }), t0))
    expect(endOf(work, must(work.job.deadlineAt))).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      details: { service: 'web' },
    })
  })

  it('is waited for while an autoscaler may bring a node, then fails in the words of the scheduler', () => {
    const words = 'No node takes the pod: 0/3 nodes are available: 3 Insufficient cpu.'
    const given = waitingWork({ timeoutMs: 3_600_000 })
    const work = must(observed(given, seen({ web: pending('UNSCHEDULABLE', words) }), t0))
    expect(endOf(work, t0 + 300_000)).toMatchObject({ code: 'UNSCHEDULABLE', message: `web: ${words}` })
  })
})

describe('the clock of a deadline', () => {
  it('stands while an image is pulled', () => {
    const before = waitingWork()
    const pulling = must(observed(before, seen({ web: pending('PULLING') }), t0 + 1_000))
    expect(nextDeadline(pulling.job)).toBeNull()
    expect(expired(pulling, t0 + 10_000_000)).toBeNull()
    const pulled = must(observed(pulling, seen({ web: pending('STARTING') }), t0 + 61_000))
    expect(nextDeadline(pulled.job)).toBe(must(before.job.deadlineAt) + 60_000)
  })

  it('goes on when the pull fails', () => {
    const pulling = must(observed(waitingWork(), seen({ web: pending('PULLING') }), t0))
    const failing = must(observed(pulling, seen({ web: pending('IMAGE_PULL_RETRIED') }), t0 + 1_000))
    expect(nextDeadline(failing.job)).toBe(failing.job.deadlineAt)
  })
})
