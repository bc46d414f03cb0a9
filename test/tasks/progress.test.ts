// How often a job that waits tells what it waits for.
import { expect, it } from 'vitest'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench } from '../kit/workers.ts'

it('makes at most four revisions a second, and the last state is told', async () => {
  await using bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator({ readiness: 'pending', started: false, completed: false })
  bench.startWorker(orchestrator)
  const { job } = await bench.start()
  await bench.jobWhen(job.id, (one) => one.step === 'waiting' && one.services.web?.readiness === 'pending')
  const revisions: { at: number; revision: number }[] = []
  const stop = bench.store.changes.onJob(job.id, async () => {
    const revision = (await bench.store.works.head(job.id))?.revision ?? 0
    if (revisions.at(-1)?.revision !== revision) revisions.push({ at: Date.now(), revision })
  })
  const since = Date.now()
  let told = 0
  await waitFor(
    'a second and a half',
    () => {
      told += 1
      const reason = { code: 'PULLING', message: `layer ${told}` }
      orchestrator.setState(job.system.sid, 'web', {
        readiness: 'pending',
        started: false,
        completed: false,
        reason,
      })
      return Date.now() - since > 1_500
    },
    { intervalMs: 10 },
  )
  const last = `layer ${told}`
  await bench.jobWhen(job.id, (one) => one.services.web?.reason?.message === last)
  stop()
  expect(told).toBeGreaterThan(20)
  expect(revisions.length).toBeGreaterThan(2)
  const seconds = (Date.now() - since) / 1_000
  expect(revisions.length).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 1)
})
