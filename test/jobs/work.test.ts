import { describe, expect, it } from 'vitest'
import { acceptStart, acceptStop, acceptUpdate, type StartRequest } from '../../src/jobs/accept.ts'
import { nextDeadline } from '../../src/jobs/deadlines.ts'
import { removedAgain } from '../../src/jobs/observed.ts'
import { jobError, taskId } from '../../src/jobs/transitions.ts'
import {
  applied,
  begin,
  compiled,
  expired,
  failed,
  heldUp,
  pruned,
  removed,
  succeeded,
  superseded,
  told,
} from '../../src/jobs/work.ts'
import type { SystemRecord } from '../../src/system/system.ts'
import { must, startRequest, t0, waitingWork } from '../kit/work.ts'

const imageError = jobError('IMAGE_NOT_FOUND', 'no such image')

describe('a job', () => {
  it('asks for its compile task when it is accepted', () => {
    const { job, system } = acceptStart(startRequest({ job: 'j1' }), t0)
    expect(taskId(job.id, must(job.task))).toBe('j1.compile.1')
    expect(job).toMatchObject({ status: 'queued', step: 'queued' })
    expect(system).toMatchObject({ phase: 'starting', job: 'j1' })
  })

  it('begins a task once per round only', () => {
    const work = acceptStart(startRequest(), t0)
    expect(begin(work, { verb: 'compile', round: 2 }, 1, t0)).toBeNull()
    expect(begin(work, { verb: 'deploy', round: 1 }, 1, t0)).toBeNull()
    expect(begin(work, { verb: 'compile', round: 1 }, 1, t0)?.job.step).toBe('compiling')
  })

  it('raises its fence each time that a worker begins', () => {
    const task = { verb: 'compile' as const, round: 1 }
    const once = must(begin(acceptStart(startRequest(), t0), task, 1, t0))
    const twice = must(begin(once, task, 2, t0))
    expect([once.job.begins, twice.job.begins]).toEqual([1, 2])
  })

  it('says why it could not go on until it gets on, however often it is tried', () => {
    const task = { verb: 'compile' as const, round: 1 }
    const once = must(begin(acceptStart(startRequest(), t0), task, 1, t0))
    const again = must(begin(must(heldUp(once, 'no cluster')), task, 1, t0))
    expect([once.job.message, again.job.message]).toEqual(['compiling', 'no cluster'])
    expect(compiled(again, { stages: [], manifests: '', problems: [] }, t0).job.message).toBe('compiled')
  })

  it('adds up the time that it spends in each step', () => {
    const { job } = waitingWork()
    expect(job.timings).toEqual({ queuedMs: 10, compileMs: 10, applyMs: 20, waitMs: 0 })
  })

  it('has its deadline from the first attempt on, not from its acceptance', () => {
    const work = acceptStart(startRequest({ timeoutMs: 1000 }), t0)
    expect(work.job.deadlineAt).toBeNull()
    expect(begin(work, must(work.job.task), 1, t0 + 5000)?.job.deadlineAt).toBe(t0 + 6000)
  })

  it('keeps the endpoints of an earlier stage', () => {
    const endpoint = { service: 'web', containerPort: 80, protocol: 'tcp' as const, port: 30001, url: null }
    const work = waitingWork()
    const deploying = { ...work, job: { ...work.job, endpoints: [endpoint] } }
    expect(
      applied(deploying, { changes: [], endpoints: [], versions: {}, memo: {} }, t0 + 50).job.endpoints,
    ).toEqual([endpoint])
  })

  it('remembers the versions that each stage has applied', () => {
    const result = { changes: [], endpoints: [], memo: {} }
    const version = (number: number) => ({ of: 'x', number })
    const deploying = { ...waitingWork(), job: { ...waitingWork().job, step: 'applying' as const } }
    const first = applied(deploying, { ...result, versions: { redis: version(1), web: version(1) } }, t0 + 50)
    const again = { ...first, job: { ...first.job, step: 'applying' as const } }
    expect(applied(again, { ...result, versions: { web: version(2) } }, t0 + 60).job.versions).toEqual({
      redis: version(1),
      web: version(2),
    })
  })

  it('has the clock of its deadline stand while an image is pulled for the stage that is applied', () => {
    const task = { verb: 'compile' as const, round: 1 }
    const begun = must(begin(acceptStart(startRequest(), t0), task, 1, t0))
    const waits = { web: { code: 'PULLING', message: 'Its image web is being pulled' } }
    const pulling = must(told(begun, waits, t0 + 1_000))
    expect(pulling.job).toMatchObject({ standsSince: t0 + 1_000, services: { web: { reason: waits.web } } })
    expect(told(pulling, waits, t0 + 2_000)).toBeNull()
    expect(expired(pulling, t0 + 10 * pulling.job.timeoutMs)).toBeNull()
  })

  it('says when it is held up, and once only', () => {
    const held = must(heldUp(waitingWork(), 'no cluster'))
    expect(held.job).toMatchObject({ status: 'running', message: 'no cluster' })
    expect(heldUp(held, 'no cluster')).toBeNull()
  })
})

describe('a first start that fails', () => {
  it('removes what it made before it ends, and then frees its names', () => {
    const retreating = failed(waitingWork(), imageError, t0 + 50)
    expect(retreating.job).toMatchObject({
      status: 'running',
      ending: { status: 'failed', by: 'removal' },
      task: { verb: 'remove', round: 3 },
    })
    expect(retreating.system.objectNames).toEqual(['hello-web'])

    const begun = must(begin(retreating, must(retreating.job.task), 1, t0 + 60))
    const ended = removed(begun, { changes: [], remaining: [] }, t0 + 70)
    expect(ended.job).toMatchObject({
      status: 'failed',
      step: 'done',
      task: null,
      error: { code: 'IMAGE_NOT_FOUND' },
    })
    expect(ended.system).toMatchObject({ phase: 'failed', objectNames: [] })
  })

  it('waits for what still exists', () => {
    const retreating = failed(waitingWork(), imageError, t0 + 50)
    const begun = must(begin(retreating, must(retreating.job.task), 1, t0 + 60))
    const waiting = removed(begun, { changes: [], remaining: ['Pod/x'] }, t0 + 70)
    expect(waiting.job).toMatchObject({ status: 'running', step: 'waiting', waitingFor: 'gone', task: null })
  })

  it('is removed once more when something is still there after a while', () => {
    const begun = must(begin(failed(waitingWork(), imageError, t0), { verb: 'remove', round: 3 }, 1, t0))
    const waiting = removed(begun, { changes: [], remaining: ['Deployment/late'] }, t0)
    const at = must(nextDeadline(waiting.job))
    expect(removedAgain(waiting, at - 1)).toBeNull()
    expect(must(removedAgain(waiting, at)).job.task).toMatchObject({ verb: 'remove', round: 4 })
    expect(expired(waiting, at)).toBeNull()
  })

  it('ends at once where nothing was made', () => {
    const work = acceptStart(startRequest(), t0)
    const compiling = must(begin(work, must(work.job.task), 1, t0))
    expect(failed(compiling, imageError, t0)).toMatchObject({
      job: { status: 'failed' },
      system: { phase: 'failed', objectNames: [] },
    })
  })

  it('keeps what it made, and its names, when it was asked to', () => {
    const ended = failed(waitingWork({ keepOnFailure: true }), imageError, t0)
    expect(ended.job.status).toBe('failed')
    expect(ended.system).toMatchObject({ phase: 'failed', objectNames: ['hello-web'] })
  })

  it('keeps its first error when the removal is refused, and says both', () => {
    const refused = failed(failed(waitingWork(), imageError, t0), jobError('FORBIDDEN', 'may not delete'), t0)
    expect(refused.job.error).toMatchObject({
      code: 'IMAGE_NOT_FOUND',
      details: { removal: { code: 'FORBIDDEN' } },
    })
    expect(refused.system.objectNames).toEqual(['hello-web'])
  })
})

describe('a deadline', () => {
  it('fails the job with what it waits for', () => {
    const work = waitingWork({ timeoutMs: 1000 })
    expect(expired(work, t0 + 500)).toBeNull()
    const late = must(expired(work, t0 + 2000))
    expect(late.job).toMatchObject({
      ending: { status: 'failed', by: 'removal' },
      error: { code: 'DEADLINE_EXCEEDED', retryable: true },
    })
    expect(late.job.error?.message).toContain('web')
  })
})

describe('a stop', () => {
  it('supersedes the start and leaves nothing held', () => {
    const start = waitingWork()
    const stop = acceptStop(start.system, 'stop1', 3, t0)
    const ended = superseded(start.job, 'stop1', t0 + 100)
    expect(ended).toMatchObject({ status: 'canceled', error: { code: 'SUPERSEDED' }, waitingFor: null })

    const begun = must(begin(stop, must(stop.job.task), 1, t0 + 110))
    const stopped = removed(
      begun,
      { changes: [{ subject: 'Deployment/web', action: 'deleted' }], remaining: [] },
      t0,
    )
    expect(stopped.job).toMatchObject({ status: 'succeeded', changes: [{ action: 'deleted' }] })
    expect(stopped.system).toMatchObject({ phase: 'stopped', objectNames: [], endpoints: [] })
  })

  it('has no deadline', () => {
    const stop = acceptStop(waitingWork().system, 'stop1', 3, t0)
    expect(begin(stop, must(stop.job.task), 1, t0)?.job.deadlineAt).toBeNull()
  })
})

describe('an update that fails', () => {
  const compiling = (system: SystemRecord, more: Partial<StartRequest> = {}) => {
    const update = acceptUpdate(system, startRequest({ ...more, job: 'update1' }), t0 + 50)
    return must(begin(update, must(update.job.task), 1, t0 + 60))
  }
  const started = waitingWork()

  it('leaves a system that has run degraded, with what is there', () => {
    const running = succeeded(started, t0 + 45).system
    expect(failed(compiling(running), imageError, t0 + 70)).toMatchObject({
      job: { status: 'failed', task: null },
      system: { phase: 'degraded', objectNames: ['hello-web'] },
    })
  })

  it('removes what it and the start that it superseded have made, and frees the name', () => {
    const retreating = failed(compiling(started.system), imageError, t0 + 70)
    expect(retreating.job).toMatchObject({
      status: 'running',
      ending: { status: 'failed' },
      task: { verb: 'remove' },
    })
    const begun = must(begin(retreating, must(retreating.job.task), 1, t0 + 80))
    expect(removed(begun, { changes: [], remaining: [] }, t0 + 90)).toMatchObject({
      job: { status: 'failed', error: { code: 'IMAGE_NOT_FOUND' } },
      system: { phase: 'failed', objectNames: [] },
    })
  })

  it('does so after any number of updates of a system that never ran', () => {
    const second = compiling(compiling(started.system).system)
    expect(failed(second, imageError, t0 + 70).job.ending?.status).toBe('failed')
  })

  it('keeps what a system that never ran has, and its names, when it was asked to', () => {
    expect(failed(compiling(started.system, { keepOnFailure: true }), imageError, t0 + 70)).toMatchObject({
      job: { status: 'failed' },
      system: { phase: 'failed', objectNames: ['hello-web'] },
    })
  })
})

describe('an update', () => {
  it('holds the names of the new spec only, once the old objects are pruned', () => {
    const work = waitingWork()
    const updating = {
      ...work,
      system: { ...work.system, phase: 'updating' as const, objectNames: ['old', 'new'] },
    }
    expect(pruned(updating, [], ['new'], t0)).toMatchObject({
      job: { status: 'succeeded' },
      system: { phase: 'running', objectNames: ['new'] },
    })
  })
})
