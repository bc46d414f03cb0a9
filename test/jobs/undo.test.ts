// Cancel and rollback: what becomes of the job and of its system.
import { describe, expect, it } from 'vitest'
import { acceptStart, acceptStop, acceptUpdate, type StartRequest, type Work } from '../../src/jobs/accept.ts'
import { cancel, isLeaving, isOnItsWay } from '../../src/jobs/cancel.ts'
import { conclude, holdOf, mayGoOn } from '../../src/jobs/hold.ts'
import { jobError } from '../../src/jobs/transitions.ts'
import {
  applied,
  begin,
  compiled,
  expired,
  failed,
  heldUp,
  letGo,
  pruned,
  removed,
  succeeded,
  willRetry,
} from '../../src/jobs/work.ts'
import { must, oneStage, startRequest, t0, waitingWork } from '../kit/work.ts'

const imageError = jobError('IMAGE_NOT_FOUND', 'no such image')

const take = (work: Work, now = t0 + 100) => must(begin(work, must(work.job.task), 1, now))

const wished = (work: Work, now = t0 + 100): Work => {
  const answer = cancel(work, now)
  if (typeof answer === 'string') throw new Error(answer)
  return answer
}

/** A system that runs on `spec`, and an update of it to `changed` that waits for its stage. */
function updating(more: Partial<StartRequest> = {}) {
  const running = succeeded(waitingWork(), t0 + 50).system
  const request = startRequest({
    job: 'update1',
    specKey: 'changed',
    exposure: 'clusterIP',
    labels: { a: 'b' },
    ...more,
  })
  const accepted = acceptUpdate(running, request, t0 + 60)
  const compiling = compiled(take(accepted), { stages: oneStage, manifests: 'm', problems: [] }, t0 + 70)
  const result = { changes: [], endpoints: [], versions: { web: { of: 'x', number: 2 } }, memo: { owner: 1 } }
  return { running, accepted, waiting: applied(take(compiling), result, t0 + 80) }
}

/** Does what a rollback has to do, up to its end. */
function throughRollback(work: Work): Work {
  const deploying = compiled(take(work), { stages: oneStage, manifests: 'good', problems: [] }, t0 + 200)
  const result = { changes: [], endpoints: [], versions: {}, memo: {} }
  const waiting = applied(take(deploying), result, t0 + 210)
  const ready = { ...waiting.job, services: { web: { readiness: 'ready' as const } } }
  const pruning = { ...waiting, job: { ...ready, step: 'applying' as const } }
  return pruned(pruning, [], ['hello-web'], t0 + 220)
}

describe('a cancel of a first start', () => {
  it('ends at once what no worker has begun, and frees its names', () => {
    expect(wished(acceptStart(startRequest(), t0))).toMatchObject({
      job: { status: 'canceled', step: 'done', task: null, error: { code: 'CANCELED' } },
      system: { phase: 'stopped', objectNames: [] },
    })
  })

  it('removes what was made before it ends', () => {
    const retreating = wished(waitingWork())
    expect(retreating.job).toMatchObject({
      status: 'running',
      ending: { status: 'canceled', by: 'removal' },
      task: { verb: 'remove' },
    })
    const waits = removed(take(retreating), { changes: [], remaining: ['Pod/x'] }, t0 + 110)
    expect(waits.job).toMatchObject({ status: 'running', waitingFor: 'gone' })
    const verified = removed(take(retreating), { changes: [], remaining: [] }, t0 + 120)
    expect(verified).toMatchObject({
      job: { status: 'canceled', error: { code: 'CANCELED' }, message: 'Canceled' },
      system: { phase: 'stopped', objectNames: [] },
    })
  })

  it('removes also what was to be kept on failure', () => {
    expect(wished(waitingWork({ keepOnFailure: true })).job.task).toMatchObject({ verb: 'remove' })
  })

  it('waits for the worker that holds the task, which may go on no more', () => {
    const compiling = take(acceptStart(startRequest(), t0))
    const deploying = take(compiled(compiling, { stages: oneStage, manifests: 'm', problems: [] }, t0 + 10))
    const hold = must(holdOf(deploying.job, must(deploying.job.task)))
    expect(mayGoOn(deploying.job, hold)).toBe(true)
    const asked = wished(deploying)
    expect(asked.job).toMatchObject({ status: 'running', cancelAsked: true, task: { verb: 'deploy' } })
    expect(mayGoOn(asked.job, hold)).toBe(false)
    const result = { changes: [], endpoints: [], versions: {}, memo: {} }
    const after = must(conclude(asked, hold, (work) => applied(work, result, t0 + 120), t0 + 120))
    expect(after.job).toMatchObject({
      cancelAsked: false,
      ending: { status: 'canceled' },
      task: { verb: 'remove' },
    })
  })

  it('happens when the next worker takes up the task of one that died', () => {
    const asked = wished(take(acceptStart(startRequest(), t0)))
    const after = take(asked)
    expect(after.job).toMatchObject({ status: 'canceled', task: null })
    expect(holdOf(after.job, { round: 1 })).toBeNull()
  })

  it('does not wait for a worker that has let go', () => {
    const held = take(acceptStart(startRequest(), t0))
    for (const free of [letGo(held), heldUp(held, 'no cluster'), willRetry(held, 'reset', t0)]) {
      expect(wished(must(free)).job.status).toBe('canceled')
    }
  })

  it('is repeated without effect, and answers a job that is done', () => {
    const retreating = wished(waitingWork())
    expect(cancel(retreating, t0)).toBe('underWay')
    expect(cancel(wished(take(acceptStart(startRequest(), t0))), t0)).toBe('underWay')
    expect(cancel(wished(acceptStart(startRequest(), t0)), t0)).toBe('done')
    expect(cancel(failed(waitingWork(), imageError, t0 + 50), t0)).toBe('underWay')
  })

  it('has failed when what was made can not be removed', () => {
    const refused = failed(take(wished(waitingWork())), jobError('FORBIDDEN', 'may not delete'), t0 + 130)
    expect(refused).toMatchObject({
      job: { status: 'failed', error: { code: 'FORBIDDEN', details: { removal: { code: 'FORBIDDEN' } } } },
      system: { phase: 'failed', objectNames: ['hello-web'] },
    })
  })

  it('does not run into the deadline, nor has its removal one', () => {
    const asked = wished(take(acceptStart(startRequest({ timeoutMs: 1000 }), t0)))
    expect(expired(asked, t0 + 10_000)).toBeNull()
    const removing = take(wished(waitingWork({ timeoutMs: 1000 })))
    expect(removing.job.deadlineAt).toBeNull()
  })
})

describe('a cancel of a stop', () => {
  it('is refused', () => {
    expect(cancel(acceptStop(waitingWork().system, 'stop1', 3, t0), t0)).toBe('refused')
  })
})

describe('a cancel of an update', () => {
  it('goes back to the last good spec, then ends canceled with the system running', () => {
    const { waiting, running } = updating()
    const back = wished(waiting)
    expect(back).toMatchObject({
      job: {
        ending: { status: 'canceled', by: 'rollback' },
        task: { verb: 'compile' },
        stages: [],
        versions: {},
        memo: {},
        deadlineAt: null,
      },
      system: { spec: running.spec, exposure: 'nodePort', labels: {}, phase: 'updating' },
    })
    expect(throughRollback(back)).toMatchObject({
      job: { status: 'canceled', error: { code: 'CANCELED', details: { rolledBack: true } } },
      system: { phase: 'running', spec: running.spec, objectNames: ['hello-web'] },
    })
  })

  it('does so before anything was applied too, because an earlier update may have left something', () => {
    expect(wished(updating().accepted).job.task).toMatchObject({ verb: 'compile' })
  })

  it('removes a system that never ran', () => {
    const update = acceptUpdate(waitingWork().system, startRequest({ job: 'u' }), t0 + 60)
    const retreating = wished(update)
    expect(retreating.job.task).toMatchObject({ verb: 'remove' })
    expect(removed(take(retreating), { changes: [], remaining: [] }, t0 + 90).system.phase).toBe('stopped')
  })

  it('leaves the system degraded when the way back fails, and says both', () => {
    const broken = failed(take(wished(updating().waiting)), imageError, t0 + 130)
    expect(broken).toMatchObject({
      job: {
        status: 'canceled',
        error: { code: 'CANCELED', details: { rollback: { code: 'IMAGE_NOT_FOUND' } } },
      },
      system: { phase: 'degraded' },
    })
  })
})

describe('a rollback', () => {
  it('follows the failure of an update that asked for it, and says so in the error', () => {
    const back = failed(updating({ rollback: true }).waiting, imageError, t0 + 90)
    expect(back.job).toMatchObject({ status: 'running', ending: { status: 'failed', by: 'rollback' } })
    const { job, system } = throughRollback(back)
    expect(job).toMatchObject({
      status: 'failed',
      error: { code: 'IMAGE_NOT_FOUND', details: { rolledBack: true } },
    })
    expect(job.error?.message).toBe('no such image; the system is back at its last good state')
    expect(system).toMatchObject({ phase: 'running', spec: 'spec' })
  })

  it('has the whole time of the job once more, and a deadline of its own', () => {
    const back = failed(updating({ rollback: true, timeoutMs: 1000 }).waiting, imageError, t0 + 90)
    const begun = take(back, t0 + 5000)
    expect(begun.job.deadlineAt).toBe(t0 + 6000)
    expect(must(expired(begun, t0 + 7000))).toMatchObject({
      job: { status: 'failed', error: { details: { rollback: { code: 'DEADLINE_EXCEEDED' } } } },
      system: { phase: 'degraded' },
    })
  })
})

describe('a request for a system whose job is undone', () => {
  it('is refused while it is removed, and taken while it goes back', () => {
    const removing = wished(waitingWork())
    expect(isLeaving(removing.system, removing.job)).toBe(true)
    const asked = wished(take(acceptStart(startRequest(), t0)))
    expect(isLeaving(asked.system, asked.job)).toBe(true)
    const back = wished(updating().waiting)
    expect(isLeaving(back.system, back.job)).toBe(false)
    expect(isOnItsWay(back.job)).toBe(false)
    expect(isOnItsWay(updating().waiting.job)).toBe(true)
  })
})
