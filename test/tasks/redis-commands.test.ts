// What a start costs Redis: the commands that our processes send, apart from the calls that scripts make inside.
import type { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { createWriteBudget } from '../../src/orchestrators/kubernetes/cluster/write-budget.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'

const starts = 50

it('sends at most 35 commands for a start', async () => {
  await using bench = await openWorkerBench()
  const orchestrator = createMemoryOrchestrator()
  const writes = createWriteBudget(bench.store.writeTokens)
  // As a real apply of one service: two writes, each with its token and its fence.
  orchestrator.beforeApply = async ({ fence }, signal) => {
    await writes.take('start', signal)
    await fence.check()
    await writes.take('start', signal)
  }
  bench.startWorker(orchestrator)
  await startAll(bench, 1)
  await using counted = await countCommands(bench)
  await startAll(bench, starts)
  console.log(
    `Redis, for a start: ${counted.sent() / starts} commands, ${counted.inScripts() / starts} calls in scripts`,
  )
  expect(counted.sent() / starts).toBeLessThanOrEqual(35)
  expect(counted.sent() / starts).toBeGreaterThan(5)
})

async function startAll(bench: WorkerBench, count: number): Promise<void> {
  const works = Array.from({ length: count }, (_, index) => {
    const name = `s${count}-${index}`
    const identity = { tenant: 'alice', namespace: 'default', name, sid: name.padEnd(32, '0') }
    return bench.start({ identity, objectNames: [name] })
  })
  for (const { job } of await Promise.all(works)) {
    expect((await bench.jobDone(job.id)).status).toBe('succeeded')
  }
}

/** Counts what concerns the bench's own corner. The test itself asks for each job, too. */
async function countCommands({ redis, prefix }: { redis: Redis; prefix: string }) {
  const monitor = await redis.duplicate().monitor()
  const counts = { sent: 0, inScripts: 0 }
  monitor.on('monitor', (_time: string, args: string[], source: string) => {
    if (args.some((arg) => arg.includes(prefix))) counts[source === 'lua' ? 'inScripts' : 'sent'] += 1
  })
  return {
    sent: () => counts.sent,
    inScripts: () => counts.inScripts,
    async [Symbol.asyncDispose]() {
      monitor.disconnect()
    },
  }
}
