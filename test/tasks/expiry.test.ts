// The end of a lifetime, on a clock of the test's own: the sweeper's time is an argument.
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import type { StartRequest, Work } from '../../src/jobs/accept.ts'
import type { JobRecord } from '../../src/jobs/job.ts'
import { failed } from '../../src/jobs/work.ts'
import type { SystemRecord } from '../../src/system/system.ts'
import { removeExpired } from '../../workers/loops/expiry.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const day = 24 * 3600 * 1000
const tomorrow = Date.now() + day

function sweepAt(bench: WorkerBench, now: number): Promise<void> {
  const log = pino({ level: 'silent' })
  return removeExpired({ ...bench, orchestrator: createMemoryOrchestrator(), log, maxAttempts: 3 }, now)
}

async function helloOf({ store }: WorkerBench): Promise<SystemRecord> {
  return must(await store.works.system('alice', 'hello'))
}

async function newestJob(bench: WorkerBench): Promise<JobRecord> {
  return must(await bench.store.works.job((await helloOf(bench)).job))
}

function startUntil(bench: WorkerBench, expiresAt: number, more: Partial<StartRequest> = {}): Promise<Work> {
  return bench.start({ lifetime: { ttlMs: 1000, expiresAt }, ...more })
}

async function moveEnd(bench: WorkerBench, expiresAt: number): Promise<void> {
  const lifetime = { ttlMs: 1000, expiresAt }
  await bench.store.works.changeSystem('alice', 'hello', (found) => ({ ...found, lifetime }))
}

/** The job that took the place of the first one, once it is done. */
async function whenStopped(bench: WorkerBench, first: string): Promise<JobRecord> {
  const id = await waitFor('the sweeper to stop it', async () => {
    const { job } = await helloOf(bench)
    return job === first ? undefined : job
  })
  return bench.jobDone(id)
}

describe('a system whose lifetime', () => {
  it('has not ended is left alone', async () => {
    await using bench = await openWorkerBench()
    const { job } = await startUntil(bench, tomorrow)
    await sweepAt(bench, tomorrow - 1)
    expect((await helloOf(bench)).job).toBe(job.id)
  })

  it('ends is stopped once, and keeps its volumes', async () => {
    await using bench = await openWorkerBench()
    const { job } = await startUntil(bench, tomorrow)
    await sweepAt(bench, tomorrow)
    const stop = await newestJob(bench)
    expect(stop).toMatchObject({ kind: 'system.stop', cause: 'expiry', volumes: false, createdAt: tomorrow })
    expect(await bench.store.works.job(job.id)).toMatchObject({ status: 'canceled' })
    await sweepAt(bench, tomorrow + day)
    expect((await newestJob(bench)).id).toBe(stop.id)
  })

  it('ends is stopped by one of several sweepers that see it at the same time', async () => {
    await using bench = await openWorkerBench()
    await startUntil(bench, tomorrow)
    await Promise.all([1, 2, 3].map(() => sweepAt(bench, tomorrow)))
    const { items } = await bench.store.lists.jobs('alice', null, 10)
    expect(items.filter(({ kind }) => kind === 'system.stop')).toHaveLength(1)
  })

  it('was renewed stays until its new end', async () => {
    await using bench = await openWorkerBench()
    await startUntil(bench, tomorrow)
    await moveEnd(bench, tomorrow + day)
    await sweepAt(bench, tomorrow)
    expect((await helloOf(bench)).phase).toBe('starting')
    await sweepAt(bench, tomorrow + day)
    expect((await helloOf(bench)).phase).toBe('stopping')
  })

  it('ended before a stop that failed is not stopped again and again', async () => {
    await using bench = await openWorkerBench()
    await startUntil(bench, tomorrow)
    await sweepAt(bench, tomorrow)
    const stop = await newestJob(bench)
    const error = { code: 'FORBIDDEN', message: 'may not delete', retryable: false, details: {} }
    await bench.store.works.change(stop.id, (work) => failed(work, error, tomorrow))
    await sweepAt(bench, tomorrow + day)
    expect(await newestJob(bench)).toMatchObject({ id: stop.id, status: 'failed' })
  })

  it('ended while no worker ran is removed by the next one', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const first = bench.startWorker(orchestrator)
    const { job } = await startUntil(bench, tomorrow)
    await bench.jobDone(job.id)
    await first[Symbol.asyncDispose]()
    await moveEnd(bench, Date.now() - 1)
    bench.startWorker(orchestrator)
    expect(await whenStopped(bench, job.id)).toMatchObject({ status: 'succeeded', message: 'expired' })
    expect((await helloOf(bench)).phase).toBe('stopped')
    expect(orchestrator.running.size).toBe(0)
  })
})
