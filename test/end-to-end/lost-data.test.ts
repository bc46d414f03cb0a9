// What runs outlives the record of it: all data of Redis is lost while a system serves.
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import type { System } from '../../src/api/schemas/system.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { waitForOk } from '../kit/http.ts'
import { startTycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

const hello = readFileSync(new URL('../../samples/hello.yml', import.meta.url), 'utf8')

it('shows a running system again after a loss of all data, with its ports, and stops it', async () => {
  await using namespace = await createNamespace('lost')
  await using api = openApi()
  await using tycho = await startTycho({ ...testCluster(), namespace: namespace.name })
  const job = await tycho.done(await tycho.start({ name: 'hello', compose: hello }))
  const before = (await tycho.send<System>('GET', '/v1/systems/hello')).body
  await forget(tycho.redis.url)

  const after = await waitFor('the system to be known again', async () => {
    const { status, body } = await tycho.send<System>('GET', '/v1/systems/hello')
    return status === 200 && body.phase === 'running' ? body : undefined
  })
  expect(after).toMatchObject({ sid: before.sid, endpoints: before.endpoints, readiness: 'ready' })
  expect(job.result?.endpoints).toEqual(after.endpoints)
  await waitForOk(after.endpoints[0]?.url ?? '')

  expect((await tycho.stop('hello')).status).toBe('succeeded')
  expect(await managedObjects(api, namespace.name)).toEqual([])
})

async function forget(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
}
