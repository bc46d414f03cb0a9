// What API and workers read of the orchestrator that the installation runs on.
import { expect, it } from 'vitest'
import { createHealth } from '../../src/store/health.ts'
import { createKeys } from '../../src/store/keys.ts'
import { createOrchestratorRecord } from '../../src/store/orchestrator-record.ts'
import { redisCorner } from '../kit/redis.ts'

it('is in use while a worker lives or a system runs, and forgotten as soon as neither does', async () => {
  await using corner = redisCorner()
  const keys = createKeys(corner.prefix)
  const record = createOrchestratorRecord(corner.redis, keys)
  const health = createHealth(corner.redis, keys)
  expect(await record.inUse()).toBeNull()
  await record.note('docker')
  expect(await record.inUse()).toBeNull()
  await health.beat('w1', { orchestrator: 'docker', reachable: true, version: '20.10' }, 60_000)
  expect(await record.inUse()).toBe('docker')
  await health.leave('w1')
  expect(await record.inUse()).toBeNull()
  await corner.redis.hset(keys.sids, 'sid', 'alice/web')
  expect(await record.inUse()).toBe('docker')
})

it('says what a worker saw before, so that another one can tell that they differ', async () => {
  await using corner = redisCorner()
  const health = createHealth(corner.redis, createKeys(corner.prefix))
  const seen = { orchestrator: 'docker', reachable: true, version: '20.10' } as const
  expect(await health.beat('w1', seen, 60_000)).toBeNull()
  expect(await health.beat('w2', { ...seen, orchestrator: 'swarm' }, 60_000)).toEqual(seen)
})
