// What is told while the subscription was broken is lost; that it was broken is told.
import { Redis } from 'ioredis'
import { expect, inject, it } from 'vitest'
import { createStore } from '../../src/store/store.ts'
import { redisCorner } from '../kit/redis.ts'

it('tells that it may have missed something when its connection is back', async () => {
  await using corner = redisCorner()
  const subscriber = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null, retryStrategy: () => 10 })
  const store = await createStore(corner.redis, subscriber, { prefix: corner.prefix, retentionMs: 1_000 })
  const told = new Promise<void>((resolve) => store.changes.onMissed(resolve))
  await subscriber.subscribe('here')
  subscriber.disconnect(true)
  await told
  const waits = new Promise<string>((resolve) => store.changes.onWaiting(resolve))
  await corner.redis.publish(`${corner.prefix}:changed:waiting`, 'sid')
  expect(await waits).toBe('sid')
  await store.changes[Symbol.asyncDispose]()
  subscriber.disconnect()
})
