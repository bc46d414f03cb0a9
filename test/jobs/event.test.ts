// Which facts a transition makes, and whom they are told.
import { describe, expect, it } from 'vitest'
import type { Work } from '../../src/jobs/accept.ts'
import { acceptStop, acceptUpdate } from '../../src/jobs/accept.ts'
import { eventsOf, eventsOfSystem } from '../../src/jobs/event.ts'
import type { JobRecord } from '../../src/jobs/job.ts'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { failed, removed, succeeded, superseded } from '../../src/jobs/work.ts'
import { toPhase } from '../../src/system/system.ts'
import { must, startRequest, t0, waitingWork } from '../kit/work.ts'

const end = t0 + 100
const error = { code: 'IMAGE_PULL_FAILED', message: 'no such image', retryable: false, details: {} }
const types = (before: Work | null, after: Work) =>
  eventsOf(before, after, end).map(({ event }) => event.type)

describe('the end of a job', () => {
  it('of a start tells the endpoints that were assigned', () => {
    const before = waitingWork()
    const [told] = eventsOf(before, succeeded(before, end), end)
    expect(told?.event).toMatchObject({
      type: 'system.started',
      timestamp: new Date(end).toISOString(),
      data: {
        tenant: 'alice',
        system: { name: 'hello', phase: 'running', href: '/v1/systems/hello' },
        job: { id: before.job.id, kind: 'system.start', status: 'succeeded', result: { endpoints: [] } },
      },
    })
  })

  it('that has failed tells the reason, and is no degradation besides', () => {
    const running = succeeded(waitingWork(), t0 + 50).system
    const update = acceptUpdate(running, startRequest({ job: 'update' }), t0 + 60)
    const after = failed(update, error, end)
    expect(after.system.phase).toBe('degraded')
    const [told, ...more] = eventsOf(update, after, end)
    expect(more).toEqual([])
    expect(told?.event).toMatchObject({ type: 'system.failed', data: { job: { error } } })
  })

  it('of a stop tells who asked for it', () => {
    const running = succeeded(waitingWork(), t0 + 50).system
    const ending = (cause: 'request' | 'expiry') => {
      const stop = acceptStop(running, 'stop', 3, t0 + 60, { cause })
      const held = { ...stop, job: { ...stop.job, step: 'applying' as const } }
      return types(held, removed(held, { changes: [], remaining: [] }, end))
    }
    expect(ending('request')).toEqual(['system.stopped'])
    expect(ending('expiry')).toEqual(['system.expired'])
  })

  it('that another job takes over is a cancel', () => {
    const before = waitingWork()
    const after = { ...before, job: superseded(before.job, 'other', end) }
    expect(types(before, after)).toEqual(['job.canceled'])
  })

  it('is told once: not before, and not again', () => {
    const before = waitingWork()
    const after = succeeded(before, end)
    expect(types(null, before)).toEqual([])
    expect(types(after, after)).toEqual([])
  })

  it('of a member of a batch is told as such too', () => {
    const batch = { id: 'b1', index: 4, clientId: 'seat-5' }
    const before = waitingWork({ origin: { ...PLAIN_ORIGIN, batch } })
    const told = eventsOf(before, succeeded(before, end), end).map(({ event }) => event)
    expect(told.map(({ type }) => type)).toEqual(['system.started', 'batch.item.completed'])
    for (const { data } of told) expect(data.batch).toEqual(batch)
  })
})

describe('the callback of a request', () => {
  const told = (events: string[] | null, batch: JobRecord['origin']['batch'] = null) => {
    const callback = { url: 'https://portal.example/hook', events }
    const before = waitingWork({ origin: { ...PLAIN_ORIGIN, callback, batch } })
    return eventsOf(before, succeeded(before, end), end).flatMap((one) =>
      one.callback ? one.event.type : [],
    )
  }

  it('is told of the end of the job, unless it names other events', () => {
    expect(told(null)).toEqual(['system.started'])
    expect(told(['system.started'])).toEqual(['system.started'])
    expect(told(['system.failed'])).toEqual([])
  })

  it('is told of single members of a batch only where it asks for them', () => {
    const member = { id: 'b1', index: 0, clientId: null }
    expect(told(null, member)).toEqual(['system.started'])
    expect(told(['batch.item.completed'], member)).toEqual(['batch.item.completed'])
  })
})

describe('a live system', () => {
  it('tells that it is degraded, with the reason, and not that it stays so', () => {
    const running = succeeded(waitingWork(), t0 + 50).system
    const reason = { code: 'CRASH_LOOP', message: 'exits again and again' }
    const services = { web: { readiness: 'failed' as const, reason, dependsOn: [] } }
    const degraded = toPhase({ ...running, services }, 'degraded', end)
    const [told] = eventsOfSystem(running, degraded, end)
    expect(told?.event).toMatchObject({
      type: 'system.degraded',
      data: { reason: { code: 'CRASH_LOOP', message: 'web: exits again and again' } },
    })
    expect(must(told).callback).toBeNull()
    expect(eventsOfSystem(degraded, degraded, end)).toEqual([])
    expect(eventsOfSystem(degraded, toPhase(degraded, 'running', end), end)).toEqual([])
  })
})
