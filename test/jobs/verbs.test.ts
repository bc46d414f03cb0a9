// What a restart, a suspend and a resume make of a system, and what is seen of one that is suspended.
import { describe, expect, it } from 'vitest'
import type { Work } from '../../src/jobs/accept.ts'
import { cancel } from '../../src/jobs/cancel.ts'
import { observed, observedLive, type Seen } from '../../src/jobs/observed.ts'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { acceptVerb, type Verb } from '../../src/jobs/verbs.ts'
import { applied, begin, compiled, expired, pruned } from '../../src/jobs/work.ts'
import type { ServiceState } from '../../src/system/readiness.ts'
import { isAsApplied, type SystemRecord } from '../../src/system/system.ts'
import { must, oneStage, t0, waitingWork } from '../kit/work.ts'

const ready: ServiceState = { readiness: 'ready', started: true, completed: false }
const idle: ServiceState = { ...ready, idle: true }
const broken: ServiceState = {
  readiness: 'failed',
  started: true,
  completed: false,
  reason: { code: 'CRASH_LOOP', message: 'it keeps ending' },
}
const completed: ServiceState = { readiness: 'ready', started: true, completed: true }

const seen = (web: ServiceState): Seen => ({ services: { web }, remaining: ['Deployment/web'], stamp: 'one' })

const running = (): SystemRecord => must(observed(waitingWork(), seen(ready), t0 + 100)).system

const request = { job: 'verb', timeoutMs: 60_000, maxAttempts: 3, origin: PLAIN_ORIGIN }

const ask = (verb: Verb, system: SystemRecord): Work => acceptVerb(verb, system, request, t0 + 1_000)

/** Until its job waits for what it has applied. */
function asWaiting(accepted: Work, manifests = 'others'): Work {
  const compiling = must(begin(accepted, must(accepted.job.task), 1, t0 + 1_010))
  const applying = compiled(compiling, { stages: oneStage, manifests, problems: [] }, t0 + 1_020)
  const deploying = must(begin(applying, must(applying.job.task), 1, t0 + 1_030))
  return applied(deploying, { changes: [], endpoints: [], versions: {}, memo: {} }, t0 + 1_040)
}

/** What its last step makes of it, when all is as it should be. */
function atEnd(waiting: Work, web: ServiceState): Work {
  const pruning = must(observed(waiting, seen(web), t0 + 2_000))
  expect(pruning.job.task?.verb).toBe('remove')
  return pruned(must(begin(pruning, must(pruning.job.task), 1, t0 + 2_010)), [], ['hello-web'], t0 + 2_020)
}

const suspended = () => atEnd(asWaiting(ask('suspend', running())), idle).system

describe('a suspend', () => {
  it('waits until nothing runs, whatever state it is in, and then the system is suspended', () => {
    const waiting = asWaiting(ask('suspend', running()))
    for (const state of [ready, broken]) {
      const next = must(observed(waiting, seen(state), t0 + 1_100))
      expect(next.job).toMatchObject({ step: 'waiting', message: 'waits for the end of web' })
      expect(next.system).toMatchObject({
        phase: 'suspending',
        services: { web: { readiness: 'terminating' } },
      })
    }
    const { job, system } = atEnd(waiting, idle)
    expect(job).toMatchObject({ status: 'succeeded', message: 'suspended' })
    expect(system).toMatchObject({
      phase: 'suspended',
      suspended: true,
      services: { web: { readiness: 'absent', reason: { code: 'SUSPENDED' } } },
    })
    expect(isAsApplied(system)).toBe(true)
  })

  it('leaves what has ended well as it is', () => {
    const { system } = atEnd(asWaiting(ask('suspend', running())), completed)
    expect(system.services.web).toMatchObject({ readiness: 'ready', reason: { code: 'COMPLETED' } })
  })

  it('whose time is over leaves a degraded system, which is suspended once nothing runs', () => {
    const waiting = must(observed(asWaiting(ask('suspend', running())), seen(ready), t0 + 1_100))
    const { job, system } = must(expired(waiting, t0 + 600_000))
    expect(job).toMatchObject({ status: 'failed', error: { code: 'DEADLINE_EXCEEDED' } })
    expect(system).toMatchObject({ phase: 'degraded', suspended: true })
    expect(isAsApplied(system)).toBe(false)
    expect(observedLive(system, seen(ready), [], t0 + 600_100)?.phase ?? system.phase).toBe('degraded')
    expect(observedLive(system, seen(idle), [], t0 + 600_200)?.phase).toBe('suspended')
  })

  it('that is canceled goes back to a system that runs', () => {
    const back = cancel(asWaiting(ask('suspend', running())), t0 + 1_500) as Work
    expect(back.job.ending).toEqual({ status: 'canceled', by: 'rollback' })
    expect(back.system).toMatchObject({ phase: 'updating', suspended: false })
    const { job, system } = atEnd(asWaiting(back, 'manifests'), ready)
    expect(job).toMatchObject({ status: 'canceled', error: { details: { rolledBack: true } } })
    expect(system).toMatchObject({ phase: 'running', suspended: false })
  })
})

describe('a suspended system', () => {
  it('is neither degraded nor written anew while it rests', () => {
    const system = suspended()
    const next = must(observedLive(system, seen(idle), [], t0 + 3_000))
    expect(next).toMatchObject({ phase: 'suspended', stamp: 'one' })
    expect(observedLive(next, seen(idle), [], t0 + 3_100)).toBeNull()
  })

  it('stays suspended when somebody else starts something of it, and shows that', () => {
    const differences = [{ subject: 'Deployment/web', message: 'was changed: spec.replicas' }]
    const next = must(observedLive(suspended(), seen(ready), differences, t0 + 3_000))
    expect(next).toMatchObject({ phase: 'suspended', differences, services: { web: { readiness: 'ready' } } })
  })

  it('is started by a resume, and put to rest again when that is canceled', () => {
    const accepted = ask('resume', suspended())
    expect(accepted.system).toMatchObject({ phase: 'starting', suspended: false })
    const { job, system } = atEnd(asWaiting(accepted, 'manifests'), ready)
    expect([job.status, job.message, system.phase]).toEqual(['succeeded', 'resumed', 'running'])
    const back = cancel(asWaiting(accepted, 'manifests'), t0 + 1_500) as Work
    expect(back.system).toMatchObject({ phase: 'suspending', suspended: true })
    expect(atEnd(asWaiting(back), idle).system.phase).toBe('suspended')
  })

  it('is degraded when a resume fails, and runs once it is ready', () => {
    const { job, system } = must(
      observed(asWaiting(ask('resume', suspended()), 'manifests'), seen(broken), t0 + 1_200),
    )
    expect([job.status, job.error?.code, system.phase]).toEqual(['failed', 'CRASH_LOOP', 'degraded'])
    expect(observedLive(system, seen(ready), [], t0 + 1_300)?.phase).toBe('running')
  })
})

describe('a restart', () => {
  it('marks the system, and a canceled one takes its mark back', () => {
    const accepted = ask('restart', running())
    expect(accepted.system).toMatchObject({ phase: 'updating', restartedAt: t0 + 1_000 })
    expect(atEnd(asWaiting(accepted), ready).system).toMatchObject({
      phase: 'running',
      restartedAt: t0 + 1_000,
    })
    const back = cancel(asWaiting(accepted), t0 + 1_500) as Work
    expect(back.system).toMatchObject({ phase: 'updating', restartedAt: null })
  })

  it('of a completed system runs it again to its end', () => {
    const { system } = must(observed(waitingWork(), seen(completed), t0 + 100))
    expect(system.phase).toBe('completed')
    expect(atEnd(asWaiting(ask('restart', system)), completed).system.phase).toBe('completed')
  })
})
