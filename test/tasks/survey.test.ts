import { describe, expect, it } from 'vitest'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { forgetAll } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench } from '../kit/workers.ts'

describe('a store that has lost its data', () => {
  it('knows again what runs, under the same sid, and it can be stopped', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await bench.jobDone(job.id)
    await forgetAll(bench)
    const found = await waitFor('the system', async () => {
      const record = await bench.store.works.system('alice', system.name)
      return record?.phase === 'running' ? record : undefined
    })
    expect(found).toMatchObject({ sid: system.sid, services: { web: { readiness: 'ready' } } })
    expect(found.revision).toBeGreaterThan(system.revision)
    const stop = await bench.jobDone((await bench.stop(system.name)).id)
    expect(stop.status).toBe('succeeded')
    expect(orchestrator.running.size).toBe(0)
  })

  it('knows again that a system is suspended', async () => {
    await using bench = await openWorkerBench()
    bench.startWorker(createMemoryOrchestrator())
    const { job, system } = await bench.start()
    await bench.jobDone(job.id)
    await bench.jobDone((await bench.ask(system.name, 'suspend')).id)
    await forgetAll(bench)
    await waitFor('the suspended system', async () => {
      const record = await bench.store.works.system('alice', system.name)
      return record?.phase === 'suspended' && record.suspended
    })
  })

  it('takes the newest incarnation of a name, and leaves the older one where it is', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const identity = { tenant: 'alice', namespace: 'default', name: 'demo' }
    for (const [sid, createdAt] of [
      ['old', 1],
      ['new', 2],
    ] as const)
      orchestrator.running.set(sid, { identity: { ...identity, sid }, services: {}, createdAt })
    bench.startWorker(orchestrator)
    await waitFor('the survey', () => bench.store.survey.isDone())
    expect((await bench.store.works.system('alice', 'demo'))?.sid).toBe('new')
    expect(await bench.store.schedule.systemOf('old')).toBeNull()
    expect(orchestrator.running.size).toBe(2)
  })

  it('waits with the survey until the cluster can tell', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const identity = { tenant: 'alice', namespace: 'default', name: 'demo', sid: 'one' }
    orchestrator.running.set('one', { identity, services: {}, createdAt: 1 })
    orchestrator.setReachable(false)
    bench.startWorker(orchestrator)
    await waitFor('the heartbeat', async () => (await bench.store.health.read()).cluster?.reachable === false)
    expect(await bench.store.survey.isDone()).toBe(false)
    orchestrator.setReachable(true)
    await waitFor('the system', () => bench.store.works.system('alice', 'demo'))
  })
})
