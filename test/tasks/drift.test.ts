import { describe, expect, it } from 'vitest'
import type { SystemRecord } from '../../src/system/system.ts'
import { createMemoryOrchestrator, type MemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const ready = { readiness: 'ready' as const, started: true, completed: false }
const scaled = { subject: 'Deployment/web', message: 'was changed: spec.replicas is 5 instead of 1' }

async function runningSystem(bench: WorkerBench, orchestrator: MemoryOrchestrator): Promise<SystemRecord> {
  bench.startWorker(orchestrator)
  const { job, system } = await bench.start()
  await bench.jobDone(job.id)
  return system
}

function systemWhen(bench: WorkerBench, name: string, isSo: (system: SystemRecord) => boolean) {
  return waitFor('the system', async () => {
    const system = await bench.store.works.system('alice', name)
    return system && isSo(system) ? system : undefined
  })
}

describe('a system that somebody else has changed', () => {
  it('is degraded with the difference, and runs again when that is undone', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const { sid, name } = await runningSystem(bench, orchestrator)
    orchestrator.tampered.set(sid, [scaled])
    orchestrator.setState(sid, 'web', ready)
    const degraded = await systemWhen(bench, name, ({ phase }) => phase === 'degraded')
    expect(degraded.differences).toEqual([scaled])
    orchestrator.tampered.delete(sid)
    orchestrator.setState(sid, 'web', ready)
    expect((await systemWhen(bench, name, ({ phase }) => phase === 'running')).differences).toEqual([])
  })

  it('is degraded too when it was deleted while no worker looked', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const first = bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await bench.jobDone(job.id)
    await first[Symbol.asyncDispose]()
    orchestrator.running.clear()
    bench.startWorker(orchestrator)
    const degraded = await systemWhen(bench, system.name, ({ phase }) => phase === 'degraded')
    expect(degraded.services.web?.readiness).toBe('absent')
  })
})
