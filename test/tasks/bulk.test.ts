// Two queues: what somebody waits for, and what gives way to it.
import { expect, it } from 'vitest'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { startRequest } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const bulk = { ...PLAIN_ORIGIN, priority: 'batch' } as const

function startNamed(bench: WorkerBench, name: string, origin: typeof bulk | typeof PLAIN_ORIGIN) {
  const { identity } = startRequest()
  return bench.start({ identity: { ...identity, name }, objectNames: [name], origin })
}

it('a start for which somebody waits is done while every slot for the others is taken', async () => {
  await using bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator()
  const goOn = Promise.withResolvers<void>()
  let held = 0
  orchestrator.beforeApply = async ({ givesWay }) => {
    if (!givesWay) return
    held += 1
    await goOn.promise
  }
  bench.startWorker(orchestrator)
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, index) => startNamed(bench, `b${index}`, bulk)),
  )
  await waitFor('all slots to be taken', () => held === 8, { intervalMs: 5 })
  const { job } = await startNamed(bench, 'mine', PLAIN_ORIGIN)
  expect((await bench.jobDone(job.id)).status).toBe('succeeded')
  expect(orchestrator.applies.map(({ identity }) => identity.name)).toEqual(['mine'])
  goOn.resolve()
  for (const one of many) expect((await bench.jobDone(one.job.id)).status).toBe('succeeded')
})

it('a start that gives way gets the task again that it has lost', async () => {
  await using bench = await openWorkerBench()
  const { job } = await startNamed(bench, 'hello', bulk)
  await bench.redis.del(await bench.redis.keys(`${bench.prefix}:tasks*`))
  bench.startWorker(createMemoryOrchestrator())
  expect((await bench.jobDone(job.id)).status).toBe('succeeded')
})
