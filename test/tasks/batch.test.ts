// Batches in a worker: members are let in, counted, canceled, tried again and stopped.
import { describe, expect, it } from 'vitest'
import { type Batch, memberJobId } from '../../src/jobs/batch.ts'
import { TychoError } from '../../src/problem.ts'
import { acceptBatch, batchWhen } from '../kit/batches.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const pending = {
  readiness: 'pending' as const,
  started: false,
  completed: false,
  reason: { code: 'PULLING', message: 'pulling' },
}
const ready = { readiness: 'ready' as const, started: true, completed: false }

const isFinished = (batch: Batch) => batch.finishedAt !== null

const open = (bench: WorkerBench) => bench.redis.zcard(`${bench.prefix}:open-batches`)

async function eventsOf(bench: WorkerBench): Promise<{ type: string; data: Record<string, unknown> }[]> {
  const entries = await bench.redis.xrange(`${bench.prefix}:events:alice`, '-', '+')
  return entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('event') + 1] ?? ''))
}

describe('the members of a batch', () => {
  it('all start, are counted exactly, and their end is told once', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const { id } = await acceptBatch(bench.store, { count: 70 })
    bench.startWorker(orchestrator)
    const batch = await batchWhen(bench.store, id, isFinished)
    expect(batch).toMatchObject({
      counts: { queued: 0, running: 0, succeeded: 70, failed: 0, canceled: 0 },
      active: 0,
      alive: 70,
      round: 1,
    })
    expect(orchestrator.running.size).toBe(70)
    const ended = (await eventsOf(bench)).filter(({ type }) => type === 'batch.completed')
    expect(ended).toMatchObject([{ data: { tenant: 'alice', batch: { id, round: 1, status: 'succeeded' } } }])
    await waitFor('the batch to be closed', async () => (await open(bench)) === 0, { intervalMs: 10 })
  })

  it('know their batch, and give way', async () => {
    await using bench = await openWorkerBench()
    const { id } = await acceptBatch(bench.store, { count: 1 })
    bench.startWorker(createMemoryOrchestrator())
    await batchWhen(bench.store, id, isFinished)
    const job = must(await bench.store.works.job(memberJobId(id, 0)))
    expect(job.origin).toMatchObject({ priority: 'batch', batch: { id, index: 0 } })
    expect((await bench.store.works.system('alice', 'class-0'))?.batch).toMatchObject({ id, index: 0 })
  })

  it('are compiled as they are let in, and take one task each', async () => {
    await using bench = await openWorkerBench()
    const { id } = await acceptBatch(bench.store, { count: 1 })
    bench.startWorker(createMemoryOrchestrator())
    await batchWhen(bench.store, id, isFinished)
    const job = must(await bench.store.works.job(memberJobId(id, 0)))
    expect(job).toMatchObject({ status: 'succeeded', begins: 1, timings: { compileMs: 0 } })
  })

  it('are compiled by a task of their own where the cluster is away as they are let in', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    orchestrator.setReachable(false)
    const { id } = await acceptBatch(bench.store, { count: 1 })
    bench.startWorker(orchestrator)
    const waits = await bench.jobWhen(memberJobId(id, 0), ({ task }) => task?.heldUp === true)
    expect(waits).toMatchObject({ step: 'compiling', message: 'the cluster does not answer' })
    orchestrator.setReachable(true)
    await batchWhen(bench.store, id, isFinished)
  })

  it('start so many at a time as the batch allows', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(pending)
    const { id } = await acceptBatch(bench.store, { count: 9, concurrency: 3 })
    bench.startWorker(orchestrator)
    for (let started = 3; started <= 9; started += 3) {
      await waitFor(`${started} to run`, () => orchestrator.running.size === started, { intervalMs: 5 })
      const { active, counts } = await batchWhen(bench.store, id, ({ counts }) => counts.running === 3)
      expect({ active, counts }).toMatchObject({
        active: 3,
        counts: { queued: 9 - started, succeeded: started - 3 },
      })
      for (const sid of orchestrator.running.keys()) orchestrator.setState(sid, 'web', ready)
    }
    await batchWhen(bench.store, id, isFinished)
  })

  it('can be read before they are let in', async () => {
    await using bench = await openWorkerBench()
    const { id } = await acceptBatch(bench.store, { count: 3 })
    const job = must(await bench.store.works.job(memberJobId(id, 2)))
    expect(job).toMatchObject({ status: 'queued', step: 'queued', system: { name: 'class-2' } })
    expect(await bench.store.works.job(memberJobId(id, 3))).toBeNull()
    bench.startWorker(createMemoryOrchestrator())
    const done = await bench.jobDone(job.id)
    expect(done.system.sid).toBe(job.system.sid)
  })

  it('hold their names from the acceptance on', async () => {
    await using bench = await openWorkerBench()
    await acceptBatch(bench.store, { count: 2 })
    await expect(acceptBatch(bench.store, { count: 2 })).rejects.toThrow('taken')
    const named = { tenant: 'alice', namespace: 'default', name: 'class-1', sid: 's' }
    await expect(bench.start({ identity: named, objectNames: ['other'] })).rejects.toThrow('taken')
    await expect(bench.start({ objectNames: ['class-0-web'] })).rejects.toThrow('taken')
  })
})

describe('members in several namespaces', () => {
  const places = [
    { from: 0, namespace: 'default' },
    { from: 2, namespace: 'default-2' },
  ]
  const names = (bench: WorkerBench, namespace: string) =>
    bench.redis.hkeys(`${bench.prefix}:names:${namespace}`)

  it('hold the names of their objects where they are, and free them there', async () => {
    await using bench = await openWorkerBench()
    const batch = await acceptBatch(bench.store, { count: 4, places })
    expect((await names(bench, 'default')).toSorted()).toEqual(['class-0-web', 'class-1-web'])
    expect((await names(bench, 'default-2')).toSorted()).toEqual(['class-2-web', 'class-3-web'])
    await bench.store.batches.cancelWaiting(batch, await bench.store.batches.members(batch.id, [1, 3]))
    expect(await names(bench, 'default')).toEqual(['class-0-web'])
    expect(await names(bench, 'default-2')).toEqual(['class-2-web'])
  })

  it('find a name taken in their own namespace alone', async () => {
    await using bench = await openWorkerBench()
    await bench.start({ objectNames: ['class-2-web', 'class-3-web'] })
    const batch = await acceptBatch(bench.store, { count: 4, places })
    expect(batch.total).toBe(4)
    const elsewhere = { tenant: 'bob', name: 'class', places: [{ from: 0, namespace: 'default-2' }] }
    await expect(acceptBatch(bench.store, { count: 4, ...elsewhere })).rejects.toThrow('taken')
  })

  it('run there, and their systems say so', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const { id } = await acceptBatch(bench.store, { count: 4, places })
    expect((await bench.store.works.job(memberJobId(id, 3)))?.system.name).toBe('class-3')
    bench.startWorker(orchestrator)
    await batchWhen(bench.store, id, isFinished)
    const running = [...orchestrator.running.values()].map(({ identity }) => identity)
    expect(Object.fromEntries(running.map(({ name, namespace }) => [name, namespace]))).toEqual({
      'class-0': 'default',
      'class-1': 'default',
      'class-2': 'default-2',
      'class-3': 'default-2',
    })
    expect(await bench.store.works.system('alice', 'class-3')).toMatchObject({ namespace: 'default-2' })
  })
})

it('a member that failed is tried again in its own namespace', async () => {
  await using bench = await openWorkerBench()
  const places = [
    { from: 0, namespace: 'default' },
    { from: 1, namespace: 'default-2' },
  ]
  const orchestrator = createMemoryOrchestrator()
  orchestrator.beforeApply = async () => {
    throw new TychoError('OBJECT_INVALID', 'refused')
  }
  const { id } = await acceptBatch(bench.store, { count: 2, places })
  bench.startWorker(orchestrator)
  const failed = await batchWhen(bench.store, id, isFinished)
  expect(failed.counts).toMatchObject({ failed: 2 })
  orchestrator.beforeApply = async () => {}
  await bench.store.batches.retry(failed, await bench.store.batches.members(id, [0, 1]))
  await batchWhen(bench.store, id, ({ counts }) => counts.succeeded === 2)
  const running = [...orchestrator.running.values()].map(({ identity }) => [
    identity.name,
    identity.namespace,
  ])
  expect(Object.fromEntries(running)).toEqual({ 'class-0': 'default', 'class-1': 'default-2' })
})

describe('a dispatcher that dies in the middle', () => {
  it('loses no member and starts none twice', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator(pending)
    const { id } = await acceptBatch(bench.store, { count: 60, concurrency: 20 })
    const first = bench.startWorker(orchestrator)
    await waitFor('some to run', () => orchestrator.running.size >= 5, { intervalMs: 2 })
    await first[Symbol.asyncDispose]()
    bench.startWorker(orchestrator)
    bench.startWorker(orchestrator)
    const readied = setInterval(() => {
      for (const sid of orchestrator.running.keys()) orchestrator.setState(sid, 'web', ready)
    }, 20)
    const batch = await batchWhen(bench.store, id, isFinished)
    clearInterval(readied)
    expect(batch.counts).toMatchObject({ succeeded: 60, queued: 0, running: 0 })
    expect(orchestrator.running.size).toBe(60)
  })
})
