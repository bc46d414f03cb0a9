// Parts that are away: what clients are told, and that all goes on by itself when they are back.
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { createNamespace, testCluster } from '../kit/cluster/cluster.ts'
import { startRedis } from '../kit/redis.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const hello = readFileSync(new URL('../../samples/hello.yml', import.meta.url), 'utf8')

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), 'tycho-outage-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

it('waits without a cluster, says so, and goes on when one appears', async () => {
  using folder = temporaryFolder()
  await using namespace = await createNamespace('outage')
  const kubeconfig = join(folder.path, 'kubeconfig')
  await using tycho = await startTycho({ kubeconfig, namespace: namespace.name })
  const job = await tycho.start({ name: 'early', compose: hello })
  await waitFor('the job to say why it waits', async () => {
    const { body } = await tycho.send<Job>('GET', `/v1/jobs/${job.id}`)
    return body.progress.message.startsWith('There is no cluster')
  })
  expect((await tycho.send('GET', '/readyz')).body).toMatchObject({ cluster: 'unreachable' })

  copyFileSync(testCluster().kubeconfig, kubeconfig)
  expect((await tycho.done(job)).status).toBe('succeeded')
  expect((await tycho.send('GET', '/readyz')).body).toMatchObject({ cluster: 'reachable' })
})

it('answers 503 while Redis is away, loses nothing that it accepted, and goes on when it is back', async () => {
  using folder = temporaryFolder()
  await using namespace = await createNamespace('outage')
  const redis = await startRedis({ dir: folder.path })
  await using tycho = await startTycho({
    kubeconfig: testCluster().kubeconfig,
    namespace: namespace.name,
    redis,
  })
  const job = await tycho.done(await tycho.start({ name: 'kept', compose: hello }))
  await redis.kill()

  const refused = await fetch(`${tycho.url}/v1/systems`, { signal: AbortSignal.timeout(10_000) })
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).not.toBeNull()
  expect(await refused.json()).toMatchObject({ code: 'REDIS_UNAVAILABLE' })

  await using _back = await startRedis({ dir: folder.path, port: redis.port })
  const again = await waitFor('the job to be readable again', async () => {
    const { status, body } = await tycho.send<Job>('GET', `/v1/jobs/${job.id}`)
    return status === 200 && body
  })
  expect(again).toEqual(job)
  expect((await tycho.stop('kept')).status).toBe('succeeded')
  const next = await tycho.done(await tycho.start({ name: 'next', compose: hello }))
  expect(next.status).toBe('succeeded')
})
