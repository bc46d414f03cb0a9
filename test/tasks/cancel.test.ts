// Cancel, lost locks and closing: a worker in the middle of its work stops at its next check, and cleans up.
import { describe, expect, it } from 'vitest'
import { cancel } from '../../src/jobs/cancel.ts'
import type { JobRecord } from '../../src/jobs/job.ts'
import { isDone, taskId } from '../../src/jobs/transitions.ts'
import { queuePrefix, systemQueue } from '../../src/tasks/queues.ts'
import { createMemoryOrchestrator, type MemoryOrchestrator } from '../kit/orchestrator.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const pending = {
  readiness: 'pending' as const,
  started: false,
  completed: false,
  reason: { code: 'PULLING', message: 'pulling' },
}
const ready = { readiness: 'ready' as const, started: true, completed: false }

/** As the API does it. */
async function cancelJob(bench: WorkerBench, id: string): Promise<JobRecord> {
  const after = await bench.store.works.change(id, (work) => {
    const answer = cancel(work, Date.now())
    return typeof answer === 'string' ? null : answer
  })
  await bench.tasks.enqueue(must(after).job)
  return must(after).job
}

/** The next apply stops before its write until it is let go, or its signal aborts. */
function holdApply(orchestrator: MemoryOrchestrator) {
  const reached = Promise.withResolvers<AbortSignal>()
  const goOn = Promise.withResolvers<void>()
  orchestrator.beforeApply = async (_input, signal) => {
    reached.resolve(signal)
    const aborted = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    await Promise.race([goOn.promise, aborted])
  }
  return { reached: reached.promise, goOn: () => goOn.resolve() }
}

describe('a cancel', () => {
  it('in the middle of an apply lets the worker write no more, and leaves nothing', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const apply = holdApply(orchestrator)
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await apply.reached
    expect((await cancelJob(bench, job.id)).cancelAsked).toBe(true)
    apply.goOn()
    expect(await bench.jobDone(job.id)).toMatchObject({ status: 'canceled', error: { code: 'CANCELED' } })
    expect([orchestrator.applies, orchestrator.running.size]).toEqual([[], 0])
    expect((await bench.store.works.system('alice', system.name))?.phase).toBe('stopped')
    await bench.start()
  })

  it('cuts off a write that does not end', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const apply = holdApply(orchestrator)
    bench.startWorker(orchestrator)
    const { job } = await bench.start()
    await apply.reached
    await cancelJob(bench, job.id)
    expect((await bench.jobDone(job.id)).status).toBe('canceled')
  })

  it('while services become ready removes them', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { job } = await bench.start()
    await bench.jobWhen(job.id, (found) => found.services.web?.reason?.code === 'PULLING')
    await cancelJob(bench, job.id)
    expect((await bench.jobDone(job.id)).status).toBe('canceled')
    expect(orchestrator.running.size).toBe(0)
  })

  it('while the cluster is away is done as soon as it is back', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { job } = await bench.start()
    await bench.jobWhen(job.id, (found) => found.services.web?.reason?.code === 'PULLING')
    orchestrator.setReachable(false)
    await cancelJob(bench, job.id)
    await bench.jobWhen(job.id, (found) => found.message === 'the cluster does not answer')
    orchestrator.setReachable(true)
    expect((await bench.jobDone(job.id)).status).toBe('canceled')
    expect(orchestrator.running.size).toBe(0)
  })

  it('of an update brings the system back to what it was', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await bench.jobDone(job.id)
    const before = must(await bench.store.works.system('alice', system.name))
    const apply = holdApply(orchestrator)
    const update = await bench.update(system.name, { exposure: 'clusterIP' })
    await apply.reached
    await cancelJob(bench, update.id)
    apply.goOn()
    const done = await bench.jobDone(update.id)
    expect(done).toMatchObject({ status: 'canceled', error: { details: { rolledBack: true } } })
    expect(await bench.store.works.system('alice', system.name)).toMatchObject({
      phase: 'running',
      spec: before.spec,
      exposure: before.exposure,
    })
  })
})

describe('a failed update', () => {
  it('that asked for it goes back to the last good spec', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    const applied = (id: string, count: number) =>
      bench.jobWhen(id, (found) => found.step === 'waiting' && orchestrator.applies.length === count)
    await applied(job.id, 1)
    orchestrator.setState(system.sid, 'web', ready)
    await bench.jobDone(job.id)
    const update = await bench.update(system.name, { rollback: true })
    await applied(update.id, 2)
    const crash = { code: 'CRASH_LOOP', message: 'it keeps ending' }
    orchestrator.setState(system.sid, 'web', { ...pending, readiness: 'failed', reason: crash })
    await applied(update.id, 3)
    orchestrator.setState(system.sid, 'web', ready)
    expect(await bench.jobDone(update.id)).toMatchObject({
      status: 'failed',
      error: { code: 'CRASH_LOOP', details: { rolledBack: true } },
    })
    expect((await bench.store.works.system('alice', system.name))?.phase).toBe('running')
  })
})

describe('a task that is tried again', () => {
  it('says when, and then no more', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    let isBroken = true
    orchestrator.beforeApply = async () => {
      if (isBroken) throw new Error('connection reset')
    }
    bench.startWorker(orchestrator)
    const { job } = await bench.start()
    const held = await bench.jobWhen(job.id, (found) => found.nextRetryAt !== null)
    expect(held).toMatchObject({ attempt: 1, message: 'connection reset; trying again' })
    expect(held.nextRetryAt).toBeGreaterThan(must(held.startedAt))
    isBroken = false
    expect(await bench.jobDone(job.id)).toMatchObject({ status: 'succeeded', nextRetryAt: null })
  })
})

describe('a worker', () => {
  it('stops when its lock is lost, and another finishes the task', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const apply = holdApply(orchestrator)
    bench.startWorker(orchestrator)
    const { job } = await bench.start()
    const signal = await apply.reached
    const { task } = must(await bench.store.works.job(job.id))
    const key = `${queuePrefix(bench.prefix)}:${systemQueue}:${taskId(job.id, must(task))}`
    await bench.redis.set(`${key}:lock`, 'another worker')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    orchestrator.beforeApply = async () => {}
    await bench.redis.del(`${key}:lock`)
    expect(await bench.jobDone(job.id)).toMatchObject({ status: 'succeeded', attempt: 1 })
    expect(orchestrator.applies).toHaveLength(1)
  })

  it('that closes hands its task back at the next check, without losing an attempt', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const apply = holdApply(orchestrator)
    const first = bench.startWorker(orchestrator)
    const { job } = await bench.start()
    await apply.reached
    const closed = first[Symbol.asyncDispose]()
    apply.goOn()
    await closed
    const free = must(await bench.store.works.job(job.id))
    expect(isDone(free)).toBe(false)
    expect(free.task).toMatchObject({ verb: 'deploy', held: false })
    expect(orchestrator.applies).toEqual([])
    bench.startWorker(orchestrator)
    expect(await bench.jobDone(job.id)).toMatchObject({ status: 'succeeded', attempt: 1 })
  })

  it('that closes gives up what does not end', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const apply = holdApply(orchestrator)
    const first = bench.startWorker(orchestrator)
    const { job } = await bench.start()
    await apply.reached
    await first[Symbol.asyncDispose]()
    expect((await bench.store.works.job(job.id))?.task).toMatchObject({ verb: 'deploy', held: false })
    orchestrator.beforeApply = async () => {}
    bench.startWorker(orchestrator)
    expect(await bench.jobDone(job.id)).toMatchObject({ status: 'succeeded', attempt: 1 })
  })
})
