// How soon another worker does what a dead one was at.
import { expect, it } from 'vitest'
import { startApiProxy } from '../kit/api-proxy.ts'
import { testCluster } from '../kit/cluster/cluster.ts'
import { waitFor } from '../kit/wait.ts'
import { openRig } from './rig.ts'

it("does a dead worker's task elsewhere within ten seconds", async () => {
  await using rig = await openRig({ workers: 0 })
  await using own = await startApiProxy(testCluster().kubeconfig)
  own.intervene = ({ method }) => (method === 'POST' ? { kind: 'hang' } : undefined)
  const job = await rig.ledger.start('one')
  const first = rig.tycho.startWorker({ KUBECONFIG: own.kubeconfig })
  await waitFor('the first worker to write', () => own.requests.some(({ method }) => method === 'POST'), {
    timeoutMs: 90_000,
  })
  rig.tycho.startWorker()
  await waitFor('the second worker', async () => {
    const { body } = await rig.tycho.send<{ workers: number }>('GET', '/readyz')
    return body.workers === 2
  })

  await first.kill()
  const died = performance.now()
  await waitFor(
    'the second worker to write',
    () => rig.proxy.requests.some(({ method }) => method === 'POST'),
    {
      intervalMs: 10,
    },
  )
  const tookMs = performance.now() - died
  console.log(`the task of a dead worker runs elsewhere after ${(tookMs / 1000).toFixed(1)} s`)
  expect(tookMs).toBeLessThan(10_000)
  expect((await rig.ledger.done(job.id)).status).toBe('succeeded')
  expect(await rig.audit(['P1', 'P2', 'P5', 'P7', 'P8'])).toEqual([])
})
