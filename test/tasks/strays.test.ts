import { describe, expect, it } from 'vitest'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench } from '../kit/workers.ts'

describe('the removal of strays', () => {
  it('takes what is named, and leaves what belongs to a known system', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    bench.startWorker(orchestrator)
    const { job, system } = await bench.start()
    await bench.jobDone(job.id)
    const ready = { readiness: 'ready' as const, started: true, completed: false }
    const identity = { tenant: 'alice', namespace: 'default', name: system.name, sid: 'unknown' }
    orchestrator.running.set('unknown', { identity, services: { left: ready, kept: ready }, createdAt: 1 })
    await bench.tasks.removeStrays(['left', 'web'])
    await waitFor('the removal', () => !('left' in (orchestrator.running.get('unknown')?.services ?? {})))
    expect(Object.keys(orchestrator.running.get('unknown')?.services ?? {})).toEqual(['kept'])
    expect(Object.keys(orchestrator.running.get(system.sid)?.services ?? {})).toEqual(['web'])
  })

  it('takes what pulls images as a whole, where it is named', async () => {
    await using bench = await openWorkerBench()
    const orchestrator = createMemoryOrchestrator()
    const made = { tenant: 'alice', namespace: 'default', pulls: [], before: [], check: async () => {} }
    for (const id of ['named', 'other']) orchestrator.preparing.set(id, { ...made, id })
    bench.startWorker(orchestrator)
    await bench.tasks.removeStrays(['named'])
    await waitFor('the removal', () => !orchestrator.preparing.has('named'))
    expect([...orchestrator.preparing.keys()]).toEqual(['other'])
  })
})
