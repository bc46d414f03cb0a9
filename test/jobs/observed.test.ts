import { describe, expect, it } from 'vitest'
import type { StageOutline } from '../../src/jobs/job.ts'
import { toJob } from '../../src/jobs/job-view.ts'
import { observed, observedLive } from '../../src/jobs/observed.ts'
import { failed } from '../../src/jobs/work.ts'
import type { ServiceState } from '../../src/system/readiness.ts'
import { must, systemSpec, t0, waitingWork } from '../kit/work.ts'

const ready: ServiceState = { readiness: 'ready', started: true, completed: false }
const pulling: ServiceState = {
  readiness: 'pending',
  started: false,
  completed: false,
  reason: { code: 'PULLING', message: 'pulling demo/hello' },
}
const broken: ServiceState = {
  readiness: 'failed',
  started: false,
  completed: false,
  reason: { code: 'IMAGE_NOT_FOUND', message: 'manifest unknown' },
}

const twoStages: StageOutline[] = [
  { services: ['redis'], requires: [] },
  { services: ['web'], requires: [{ service: 'redis', condition: 'healthy' }] },
]
const twoServices = {
  spec: systemSpec({
    redis: {},
    web: { dependsOn: { redis: { condition: 'healthy', required: true, restart: false } } },
  }),
}

const seen = (services: Record<string, ServiceState>) => ({
  services,
  remaining: ['Deployment/x'],
  stamp: 'one',
})

describe('a waiting start', () => {
  it('succeeds when every service is ready', () => {
    const next = must(observed(waitingWork(), seen({ web: ready }), t0 + 100))
    expect(next.job).toMatchObject({ status: 'succeeded', step: 'done', message: 'started' })
    expect(next.system).toMatchObject({ phase: 'running', services: { web: { readiness: 'ready' } } })
  })

  it('says what a service waits for', () => {
    const next = must(observed(waitingWork(), seen({ web: pulling }), t0))
    expect(next.job).toMatchObject({ step: 'waiting', message: 'web: pulling demo/hello' })
  })

  it('has nothing to write when nothing changed', () => {
    const next = must(observed(waitingWork(), seen({ web: pulling }), t0))
    expect(observed(next, seen({ web: pulling }), t0)).toBeNull()
  })

  it('fails with the reason of a service that failed', () => {
    const next = must(observed(waitingWork(), seen({ web: broken }), t0))
    expect(next.job.error).toEqual({
      code: 'IMAGE_NOT_FOUND',
      message: 'web: manifest unknown',
      retryable: false,
      details: { service: 'web' },
    })
  })

  it('applies the next stage once its requirements are met', () => {
    const work = waitingWork(twoServices, twoStages)
    const started = {
      ...ready,
      readiness: 'pending' as const,
      reason: { code: 'NOT_READY', message: 'not ready' },
    }
    const early = must(observed(work, seen({ redis: started }), t0))
    expect(early.job).toMatchObject({
      step: 'waiting',
      services: { web: { readiness: 'absent', reason: { code: 'WAITS_FOR' } } },
    })
    const next = must(observed(work, seen({ redis: ready }), t0))
    expect(next.job).toMatchObject({ step: 'applying', stage: 1, task: { verb: 'deploy' } })
  })

  it('is completed when all its services were jobs that ended well', () => {
    const next = must(observed(waitingWork(), seen({ web: { ...ready, completed: true } }), t0))
    expect(next.system.phase).toBe('completed')
  })
})

describe('a job that has applied a version', () => {
  const applied = { of: 'web-1', number: 2 }
  const work = waitingWork()
  const waiting = { ...work, job: { ...work.job, versions: { web: applied } } }
  const next = (state: ServiceState) => observed(waiting, seen({ web: state }), t0)

  it.each([
    ['an earlier change', { ...applied, number: 1 }],
    ['what was there before', { of: 'web-0', number: 7 }],
    ['nothing', undefined],
  ])('is neither ready nor failed by a state of %s', (_what, version) => {
    for (const state of [ready, broken, { ...ready, completed: true }]) {
      expect(next({ ...state, ...(version && { version }) })?.job).toMatchObject({
        step: 'waiting',
        services: { web: { readiness: 'pending', reason: { code: 'NOT_SEEN' } } },
      })
    }
  })

  it('ends by a state of that version or a later one', () => {
    expect(next({ ...ready, version: applied })?.job.status).toBe('succeeded')
    expect(next({ ...ready, version: { ...applied, number: 3 } })?.job.status).toBe('succeeded')
    expect(next({ ...broken, version: applied })?.job.ending?.status).toBe('failed')
  })

  it('lets no stage begin by what was seen before', () => {
    const two = waitingWork(twoServices, twoStages)
    const later = { ...two, job: { ...two.job, versions: { redis: applied } } }
    const early = must(observed(later, seen({ redis: { ...ready, version: { ...applied, number: 1 } } }), t0))
    expect(early.job).toMatchObject({ step: 'waiting', stage: 0 })
    expect(observed(early, seen({ redis: { ...ready, version: applied } }), t0)?.job.stage).toBe(1)
  })
})

describe('a removal', () => {
  it('is verified when the last object is gone from sight', () => {
    const error = { code: 'X', message: 'x', retryable: false, details: {} }
    const retreating = failed(waitingWork(), error, t0)
    const gone = {
      ...retreating,
      job: { ...retreating.job, step: 'waiting' as const, task: null, waitingFor: 'gone' as const },
    }
    expect(observed(gone, { services: {}, remaining: ['Pod/x'], stamp: 'one' }, t0)).toBeNull()
    expect(observed(gone, { services: {}, remaining: [], stamp: 'one' }, t0)?.job.task?.verb).toBe('remove')
  })
})

describe('a live system', () => {
  const running = must(observed(waitingWork(), seen({ web: ready }), t0)).system

  it('is degraded while a service is not ready, and runs again when it is', () => {
    const degraded = must(observedLive(running, seen({ web: pulling }), [], t0))
    expect(degraded).toMatchObject({ phase: 'degraded', services: { web: { reason: { code: 'PULLING' } } } })
    expect(observedLive(degraded, seen({ web: ready }), [], t0)?.phase).toBe('running')
  })

  it('is left alone while nothing changes', () => {
    expect(observedLive(running, seen({ web: ready }), [], t0)).toBeNull()
  })

  it('is degraded while something is not as it was applied, however ready it is', () => {
    const difference = { subject: 'Deployment/web', message: 'was changed: spec.replicas is 5 instead of 1' }
    const degraded = must(observedLive(running, { ...seen({ web: ready }), stamp: 'two' }, [difference], t0))
    expect(degraded).toMatchObject({ phase: 'degraded', stamp: 'two', differences: [difference] })
    expect(observedLive(degraded, { ...seen({ web: ready }), stamp: 'three' }, [], t0)?.phase).toBe('running')
  })

  it('remembers with which observation it was as it had been applied', () => {
    expect(running).toMatchObject({ stamp: 'one', differences: [] })
  })
})

describe('the job that clients see', () => {
  it('has a result or an error once done, never both', () => {
    const good = toJob(must(observed(waitingWork(), seen({ web: ready }), t0)).job, 1000)
    expect(good).toMatchObject({ done: true, progress: { percent: 100 } })
    expect([good.result !== undefined, good.error]).toEqual([true, undefined])
    const running = toJob(waitingWork().job, 1000)
    expect([running.done, running.result, running.error]).toEqual([false, undefined, undefined])
  })

  it('numbers the further ports of a service', () => {
    const work = waitingWork()
    const endpoint = { service: 'web', containerPort: 80, protocol: 'tcp' as const, url: null }
    work.job.endpoints = [
      { ...endpoint, port: 30001 },
      { ...endpoint, port: 30002 },
    ]
    const job = toJob(must(observed(work, seen({ web: ready }), t0)).job, 1000)
    expect(job.result?.containers).toEqual({ web: { port: 30001, 'port-1': 30002 } })
  })
})
