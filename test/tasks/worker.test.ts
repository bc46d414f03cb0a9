import { describe, expect, it } from 'vitest'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { must, systemSpec } from '../kit/work.ts'
import { openWorkerBench } from '../kit/workers.ts'

const pending = {
  readiness: 'pending' as const,
  started: false,
  completed: false,
  reason: { code: 'PULLING', message: 'pulling' },
}
const ready = { readiness: 'ready' as const, started: true, completed: false }
const failed = {
  ...pending,
  readiness: 'failed' as const,
  reason: { code: 'IMAGE_NOT_FOUND', message: 'manifest unknown' },
}

describe('a worker', () => {
  it('brings a system from its acceptance to running', async () => {
    await using bench = await openWorkerBench()
    bench.startWorker(createMemoryOrchestrator())
    const { job, system } = await bench.start()
    const done = await bench.jobDone(job.id)
    expect(done).toMatchObject({
      status: 'succeeded',
      changes: [{ subject: 'Deployment/web', action: 'created' }],
    })
    expect((await bench.store.works.system('alice', system.name))?.phase).toBe('running')
  })

  it('applies a stage only when the one before is ready', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start({ spec: systemSpec({ redis: {}, web: {} }) })
    await bench.jobWhen(job.id, (found) => found.services.redis?.reason?.code === 'PULLING')
    expect(orchestrator.applies).toHaveLength(1)
    orchestrator.setState(system.sid, 'redis', ready)
    await bench.jobWhen(job.id, (found) => found.services.web?.reason?.code === 'PULLING')
    expect(orchestrator.applies.map((input) => input.stage.services)).toEqual([['redis'], ['web']])
    orchestrator.setState(system.sid, 'web', ready)
    expect((await bench.jobDone(job.id)).status).toBe('succeeded')
  })

  it('removes what a failed start made before the job ends', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(failed)
    bench.startWorker(orchestrator)
    const { job } = await bench.start()
    const done = await bench.jobDone(job.id)
    expect(done).toMatchObject({
      status: 'failed',
      error: { code: 'IMAGE_NOT_FOUND', message: 'web: manifest unknown' },
    })
    expect(orchestrator.running.size).toBe(0)
    await bench.start()
  })

  it('says of a service that failed what it said last, without secrets, and the line of the file', async () => {
    await using bench = await openWorkerBench()
    const crashed = { ...failed, reason: { code: 'CRASH_LOOP', message: 'It keeps ending', exitCode: 3 } }
    const orchestrator = createMemoryOrchestrator(crashed)
    orchestrator.words = { container: 'app', lines: ['connecting with hunter22', 'refused'] }
    bench.startWorker(orchestrator)
    const spec = systemSpec({ web: { environment: { DB_PASSWORD: 'hunter22' } } })
    const { job } = await bench.start({ spec })
    const { error } = await bench.jobDone(job.id)
    expect(error?.details).toEqual({
      service: 'web',
      exitCode: 3,
      container: 'app',
      log: ['connecting with ••••••••', 'refused'],
      problems: [
        {
          code: 'CRASH_LOOP',
          severity: 'error',
          path: 'services.web',
          message: 'web: It keeps ending',
        },
      ],
    })
  })

  it('waits for a cluster that is away, saying so, and goes on when it is back', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    orchestrator.setReachable(false)
    bench.startWorker(orchestrator)
    const { job } = await bench.start()
    const held = await bench.jobWhen(job.id, (found) => found.message === 'the cluster does not answer')
    expect(held.status).toBe('running')
    orchestrator.setReachable(true)
    expect((await bench.jobDone(job.id)).status).toBe('succeeded')
  })

  it('gives up waiting at the deadline, with the reason', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    orchestrator.setReachable(false)
    bench.startWorker(orchestrator)
    const { job } = await bench.start({ timeoutMs: 1000 })
    const done = await bench.jobDone(job.id)
    expect(done.error).toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: expect.stringContaining('the cluster does not answer'),
    })
  })

  it('tries again what may pass, and fails with the error when it does not', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    let attempts = 0
    orchestrator.beforeApply = async () => {
      attempts++
      throw new Error('connection reset')
    }
    bench.startWorker(orchestrator)
    const { job } = await bench.start({ maxAttempts: 2 })
    const done = await bench.jobDone(job.id)
    expect(done).toMatchObject({
      status: 'failed',
      error: { code: 'INTERNAL_ERROR', message: 'connection reset' },
    })
    expect(attempts).toBe(2)
  })

  it('stops a system that is still starting, and the start writes no more', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const applying = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    orchestrator.beforeApply = async () => {
      applying.resolve()
      await goOn.promise
    }
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await applying.promise
    const stop = await bench.stop(system.name)
    expect((await bench.jobDone(stop.id)).status).toBe('succeeded')
    goOn.resolve()
    expect(await bench.jobDone(job.id)).toMatchObject({ status: 'canceled', error: { code: 'SUPERSEDED' } })
    expect(orchestrator.applies).toEqual([])
    expect((await bench.store.works.system('alice', system.name))?.phase).toBe('stopped')
  })

  it('gives a job its task again when the enqueue was lost', async () => {
    await using bench = await openWorkerBench()
    const { job } = await bench.start()
    await bench.redis.del(await tasksOf(bench.redis, bench.prefix))
    bench.startWorker(createMemoryOrchestrator())
    expect((await bench.jobDone(job.id)).status).toBe('succeeded')
  })

  it('lets another worker observe when the observer is gone', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(pending)
    const first = bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await bench.jobWhen(job.id, (found) => found.services.web?.reason?.code === 'PULLING')
    bench.startWorker(orchestrator)
    await first[Symbol.asyncDispose]()
    orchestrator.setState(system.sid, 'web', ready)
    expect((await bench.jobDone(job.id)).status).toBe('succeeded')
  })

  it('removes what appears after its system was stopped', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await bench.jobDone(job.id)
    const stop = await bench.stop(system.name)
    await bench.jobDone(stop.id)
    const input = must(orchestrator.applies[0])
    await orchestrator.apply(
      { ...input, fence: { ...input.fence, check: async () => {} } },
      AbortSignal.timeout(1000),
    )
    expect(orchestrator.running.size).toBe(1)
    await expect.poll(() => orchestrator.running.size).toBe(0)
  })
})

async function tasksOf(
  redis: { keys(pattern: string): Promise<string[]> },
  prefix: string,
): Promise<string[]> {
  return redis.keys(`${prefix}:tasks*`)
}
