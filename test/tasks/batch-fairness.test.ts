// Who has a turn when: told by the order in which things happen, not by how long they take.
import { describe, expect, it } from 'vitest'
import { shareOut, sharesOf } from '../../workers/batches/share-out.ts'
import { acceptBatch, batchWhen } from '../kit/batches.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { startRequest } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const isFinished = ({ finishedAt }: { finishedAt: number | null }) => finishedAt !== null

function startOf(bench: WorkerBench, tenant: string) {
  const { identity } = startRequest()
  return bench.start({
    identity: { ...identity, tenant, name: `${tenant}s-own` },
    objectNames: [`${tenant}s-own`],
  })
}

describe("a tenant's batch of 1,000", () => {
  it.each(['bob', 'alice'])('does not delay a single start of %s', async (tenant) => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const { id } = await acceptBatch(bench.store, { count: 1_000 })
    bench.startWorker(orchestrator)
    await batchWhen(bench.store, id, ({ counts }) => counts.succeeded > 20)
    const before = orchestrator.applies.length
    const { job } = await startOf(bench, tenant)
    await bench.jobDone(job.id)
    // Others may be done meanwhile, but not what was in the queue before it.
    const place = orchestrator.applies.findIndex(({ identity }) => identity.name === `${tenant}s-own`)
    expect(place - before).toBeLessThan(60)
    expect((await bench.store.batches.read(id))?.counts.queued).toBeGreaterThan(500)
  })

  it("lets another tenant's batch have its share, and another one of its own", async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const { id } = await acceptBatch(bench.store, { count: 1_000, name: 'large' })
    bench.startWorker(orchestrator)
    await batchWhen(bench.store, id, ({ counts }) => counts.succeeded > 20)
    const before = orchestrator.applies.length
    const small = await acceptBatch(bench.store, { count: 30, name: 'small' })
    const others = await acceptBatch(bench.store, { count: 30, name: 'others', tenant: 'bob' })
    await batchWhen(bench.store, small.id, isFinished)
    await batchWhen(bench.store, others.id, isFinished)
    const lastOf = (name: string) =>
      orchestrator.applies.findLastIndex(({ identity }) => identity.name.startsWith(name)) - before
    // Each of three has a third, behind what was in the queue already.
    expect(lastOf('small')).toBeLessThan(250)
    expect(lastOf('others')).toBeLessThan(250)
    expect((await bench.store.batches.read(id))?.counts.queued).toBeGreaterThan(500)
  })
})

describe('who may be let in', () => {
  it('is shared evenly between the batches of a tenant, within the bounds of each', async () => {
    await using bench = await openWorkerBench()
    const open = [
      await acceptBatch(bench.store, { count: 100, name: 'a' }),
      await acceptBatch(bench.store, { count: 3, name: 'b' }),
      await acceptBatch(bench.store, { count: 100, name: 'c', concurrency: 5 }),
    ]
    expect(sharesOf(open).map(({ count }) => count)).toEqual([24, 3, 5])
  })

  it('is the same number for each tenant, however many batches it has', async () => {
    await using bench = await openWorkerBench()
    const open = [
      await acceptBatch(bench.store, { count: 100, name: 'a' }),
      await acceptBatch(bench.store, { count: 100, name: 'b' }),
      await acceptBatch(bench.store, { count: 100, name: 'c', tenant: 'bob' }),
    ]
    const turns = await shareOut(bench.store.batches, open, 0)
    const of = (tenant: string) => turns.filter(({ batch }) => batch.tenant === tenant).length
    expect(of('alice')).toBe(of('bob'))
    expect(new Set(turns.slice(0, 3).map(({ batch }) => batch.name))).toEqual(new Set(['a', 'b', 'c']))
  })
})
