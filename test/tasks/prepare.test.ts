// Images that are pulled beforehand: steps by whatever worker is there, one end, and nothing left behind.
import { expect, it } from 'vitest'
import {
  acceptPreparation,
  canceled,
  isOver,
  type NewPreparation,
  type PreparationRecord,
  statusOf,
} from '../../src/jobs/preparation.ts'
import type { Prepared } from '../../src/orchestrators/orchestrator.ts'
import { TychoError } from '../../src/problem.ts'
import type { PullState } from '../../src/system/image-pull.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

async function accept(
  { store, tasks }: WorkerBench,
  { more = {}, isQueued = true }: { more?: Partial<NewPreparation>; isQueued?: boolean } = {},
): Promise<string> {
  const record = acceptPreparation(
    {
      id: `p-${Math.random().toString(36).slice(2)}`,
      tenant: 'alice',
      namespace: 'labs',
      pulls: [{ image: 'demo/a', policy: null, where: {} }],
      secretValues: [],
      timeoutMs: 60_000,
      idempotencyKey: null,
      trace: null,
      ...more,
    },
    Date.now(),
  )
  expect(await store.preparations.add(record, 4, null)).toBe('added')
  if (isQueued) await tasks.prepareImages(record.id)
  return record.id
}

async function when(
  { store }: WorkerBench,
  id: string,
  isSo: (record: PreparationRecord) => boolean,
): Promise<PreparationRecord> {
  const read = async () => {
    const record = must(await store.preparations.get(id))
    return isSo(record) ? record : undefined
  }
  return waitFor('the preparation', read, { intervalMs: 10, timeoutMs: 30_000 })
}

const looked = (state: PullState, isSettled: boolean): Prepared => ({
  nodes: [{ node: 'n1', images: [{ image: 'demo/a', state }] }],
  isSettled,
  trouble: null,
})

/** Never settles until the test says so. */
function pulling() {
  const orchestrator = createMemoryOrchestrator()
  const held = { isSettled: false, looks: 0 }
  orchestrator.lookAt = async () => {
    held.looks += 1
    return looked(held.isSettled ? 'present' : 'pulling', held.isSettled)
  }
  return { orchestrator, held }
}

it('is carried on step by step, and has ended when nothing of it stands', async () => {
  await using bench = await openWorkerBench()
  const { orchestrator, held } = pulling()
  bench.startWorker(orchestrator)
  const id = await accept(bench)
  const running = await when(bench, id, ({ counts }) => counts.pulling === 1)
  expect(statusOf(running)).toBe('running')
  expect([...orchestrator.preparing.keys()]).toEqual([id])
  held.isSettled = true
  const over = await when(bench, id, isOver)
  expect(statusOf(over)).toBe('succeeded')
  expect(over.nodes).toEqual(looked('present', true).nodes)
  expect(orchestrator.preparing.size).toBe(0)
})

it('that is canceled while images are pulled is told at once, and what it made is gone before it says so', async () => {
  await using bench = await openWorkerBench()
  const { orchestrator } = pulling()
  bench.startWorker(orchestrator)
  const id = await accept(bench)
  await when(bench, id, ({ counts }) => counts.pulling === 1)
  await bench.store.preparations.change(id, (found) => canceled(found, Date.now()))
  await bench.tasks.prepareImages(id)
  const over = await when(bench, id, isOver)
  expect([statusOf(over), over.ending?.error?.code]).toEqual(['canceled', 'CANCELED'])
  expect(orchestrator.preparing.size).toBe(0)
})

it('ends at its deadline, and not before a cluster that is away has let go of what was made', async () => {
  await using bench = await openWorkerBench()
  const { orchestrator } = pulling()
  bench.startWorker(orchestrator)
  const id = await accept(bench, { more: { timeoutMs: 3_000 } })
  await when(bench, id, ({ counts }) => counts.pulling === 1)
  orchestrator.setReachable(false)
  const late = await when(bench, id, ({ ending, waits }) => ending !== null && waits !== null)
  expect(late).toMatchObject({
    finishedAt: null,
    ending: { status: 'failed', error: { code: 'DEADLINE_EXCEEDED' } },
    waits: { message: 'the cluster does not answer' },
  })
  orchestrator.setReachable(true)
  expect(statusOf(await when(bench, id, isOver))).toBe('failed')
  expect(orchestrator.preparing.size).toBe(0)
})

it('waits for a cluster that is away with the reason, and goes on when it is back', async () => {
  await using bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator()
  orchestrator.setReachable(false)
  bench.startWorker(orchestrator)
  const id = await accept(bench)
  await when(bench, id, ({ waits }) => waits?.message === 'the cluster does not answer')
  orchestrator.setReachable(true)
  expect(statusOf(await when(bench, id, isOver))).toBe('succeeded')
})

it('ends with the words of a cluster that will refuse it again', async () => {
  await using bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator()
  orchestrator.lookAt = async () => {
    throw new TychoError('FORBIDDEN', 'The cluster refuses DaemonSet/x: no', { status: 403 })
  }
  bench.startWorker(orchestrator)
  const over = await when(bench, await accept(bench), isOver)
  expect(over.ending).toMatchObject({ status: 'failed', error: { code: 'FORBIDDEN' } })
  expect(orchestrator.preparing.size).toBe(0)
})

it('whose pods a cluster will not let go says so, and ends when it does', async () => {
  await using bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator()
  const { endPreparation } = orchestrator
  let refusals = 0
  orchestrator.endPreparation = async () => {
    refusals += 1
    throw new TychoError('FORBIDDEN', 'The cluster refuses Pod/x: no', { status: 403 })
  }
  bench.startWorker(orchestrator)
  const id = await accept(bench)
  const stuck = await when(bench, id, ({ waits }) => waits?.code === 'FORBIDDEN')
  expect([stuck.finishedAt, stuck.ending?.status]).toEqual([null, 'succeeded'])
  orchestrator.endPreparation = endPreparation
  expect(statusOf(await when(bench, id, isOver))).toBe('succeeded')
  expect(refusals).toBeLessThan(3)
})

it('that lost its task, or never had one, gets it from the sweeper', async () => {
  await using bench = await openWorkerBench()
  bench.startWorker(createMemoryOrchestrator())
  const id = await accept(bench, { isQueued: false })
  expect(statusOf(await when(bench, id, isOver))).toBe('succeeded')
  expect(bench.lines.join('\n')).toContain('a preparation had lost its task; it has one again')
})

it('that has ended is looked after once more when something of it is seen', async () => {
  await using bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator()
  const first = bench.startWorker(orchestrator)
  const id = await accept(bench)
  const over = await when(bench, id, isOver)
  await first[Symbol.asyncDispose]()
  // What a worker that was frozen has made since.
  const { tenant, namespace, pulls } = over
  const check = async () => {}
  const made = { tenant, namespace, pulls, before: [], check }
  orchestrator.preparing.set(id, { ...made, id })
  orchestrator.preparing.set('unknown', { ...made, id: 'unknown' })
  bench.startWorker(orchestrator)
  await waitFor('the end of what was left', () => !orchestrator.preparing.has(id), { timeoutMs: 30_000 })
  expect(await bench.store.preparations.get(id)).toEqual(over)
  // Of whom nobody knows may be another's.
  expect([...orchestrator.preparing.keys()]).toEqual(['unknown'])
})

it('of a worker that dies is carried on by another, and ends once', async () => {
  await using bench = await openWorkerBench()
  const { orchestrator, held } = pulling()
  const first = bench.startWorker(orchestrator)
  const id = await accept(bench)
  await when(bench, id, ({ counts }) => counts.pulling === 1)
  await first[Symbol.asyncDispose]()
  const before = held.looks
  bench.startWorker(orchestrator)
  await waitFor('the other worker', () => held.looks > before, { timeoutMs: 30_000 })
  held.isSettled = true
  expect(statusOf(await when(bench, id, isOver))).toBe('succeeded')
  expect(bench.lines.filter((line) => line.includes('pulling images beforehand ended'))).toHaveLength(1)
})
