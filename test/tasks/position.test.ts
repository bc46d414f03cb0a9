// Where a job stands among those that wait for a worker.
import { expect, it } from 'vitest'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { startRequest } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

async function startNamed(bench: WorkerBench, name: string, priority: 'interactive' | 'batch') {
  const identity = { ...startRequest().identity, name }
  const origin = { ...PLAIN_ORIGIN, priority }
  return (await bench.start({ identity, objectNames: [name], origin })).job
}

it('is counted in its own queue, in the order of the requests', async () => {
  await using bench = await openWorkerBench()
  const many = [await startNamed(bench, 'b1', 'batch'), await startNamed(bench, 'b2', 'batch')]
  const mine = [await startNamed(bench, 's1', 'interactive'), await startNamed(bench, 's2', 'interactive')]
  const places = await Promise.all([...many, ...mine].map((job) => bench.tasks.positionOf(job)))
  expect(places).toEqual([1, 2, 1, 2])
})

it('is none once a worker has taken it up', async () => {
  await using bench = await openWorkerBench()
  const job = await startNamed(bench, 's1', 'interactive')
  bench.startWorker(createMemoryOrchestrator())
  await bench.jobDone(job.id)
  expect(await bench.tasks.positionOf(job)).toBeNull()
})
