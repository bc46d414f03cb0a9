// Restart, suspend and resume by real workers: what is applied, and when the job ends.
import { describe, expect, it } from 'vitest'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const started = { readiness: 'ready' as const, started: true, completed: false }

async function running() {
  const bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator()
  bench.startWorker(orchestrator)
  const { job, system } = await bench.start()
  await bench.jobDone(job.id)
  const applied = () => orchestrator.applies.map(({ mode, stage }) => [mode, stage.manifests[0]?.body])
  return { bench, orchestrator, system, applied, [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose]() }
}

const systemOf = async ({ store }: WorkerBench) => must(await store.works.system('alice', 'hello'))

describe('a worker', () => {
  it('applies what is to rest as an update, and ends the job when nothing runs', async () => {
    await using on = await running()
    const job = await on.bench.ask('hello', 'suspend')
    const { sid } = on.system
    expect(await on.bench.jobDone(job.id)).toMatchObject({ status: 'succeeded', message: 'suspended' })
    expect(on.applied().at(-1)).toEqual(['update', { suspended: true, restartedAt: null }])
    expect(await systemOf(on.bench)).toMatchObject({ phase: 'suspended', sid })
    const resume = await on.bench.ask('hello', 'resume')
    expect(await on.bench.jobDone(resume.id)).toMatchObject({ status: 'succeeded', message: 'resumed' })
    expect(on.applied().at(-1)).toEqual(['update', undefined])
    expect(await systemOf(on.bench)).toMatchObject({ phase: 'running', sid })
  })

  it('shows what somebody else has started of a suspended system, and leaves it suspended', async () => {
    await using on = await running()
    const { sid } = on.system
    await on.bench.jobDone((await on.bench.ask('hello', 'suspend')).id)
    on.orchestrator.tampered.set(sid, [{ subject: 'Deployment/web', message: 'was changed' }])
    on.orchestrator.setState(sid, 'web', { ...started, idle: false })
    const seen = await changed(on.bench, ({ differences }) => differences.length > 0)
    expect(seen).toMatchObject({ phase: 'suspended', services: { web: { readiness: 'ready' } } })
  })

  it('gives every restart a mark of its own, which later changes keep', async () => {
    await using on = await running()
    await on.bench.jobDone((await on.bench.ask('hello', 'restart')).id)
    const [, mark] = on.applied().at(-1) ?? []
    expect(mark).toEqual({ suspended: false, restartedAt: expect.stringMatching(/^\d{4}-.*Z$/) })
    await on.bench.jobDone((await on.bench.update('hello')).id)
    expect(on.applied().at(-1)).toEqual(['update', mark])
  })
})

/** The system as soon as it is so. */
async function changed(
  { store }: WorkerBench,
  isSo: (system: Awaited<ReturnType<typeof systemOf>>) => boolean,
) {
  const bell = Promise.withResolvers<Awaited<ReturnType<typeof systemOf>>>()
  const look = async () => {
    const system = must(await store.works.system('alice', 'hello'))
    if (isSo(system)) bell.resolve(system)
  }
  const stop = store.changes.onSystem({ tenant: 'alice', name: 'hello' }, () => void look())
  await look()
  const system = await bell.promise
  stop()
  return system
}
