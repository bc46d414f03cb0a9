// What a break of the connection makes of the commands that were under way: an outage, whichever of them it meets.
import { Redis } from 'ioredis'
import { expect, inject, it } from 'vitest'
import { isStoreOutage } from '../../src/store/outage.ts'
import { startRedisProxy } from '../kit/redis-proxy.ts'

/** Keeps the server from answering for so many milliseconds. */
const busy = "local t = redis.call('TIME'); local function ms(x) return x[1] * 1000 + x[2] / 1000 end\n"
const loop = `${busy}local from = ms(t); while ms(redis.call('TIME')) - from < tonumber(ARGV[1]) do end`

it('a break in the middle of what was sent together is an outage for each that had no answer', async () => {
  await using proxy = await startRedisProxy(Number(new URL(inject('redisUrl')).port))
  const redis = new Redis(proxy.url, {
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    retryStrategy: () => null,
  })
  redis.on('error', () => {})
  await new Promise<void>((resolve) => redis.once('ready', () => resolve()))
  const first = redis.get('a')
  const others = [redis.eval(loop, 0, '300'), redis.get('b'), redis.get('c')].map((answer) =>
    answer.then(
      () => 'answered',
      (error: unknown) => (isStoreOutage(error) ? 'outage' : String(error)),
    ),
  )
  const told = first.then(
    () => 'answered',
    (error: unknown) => (isStoreOutage(error) ? 'outage' : String(error)),
  )
  setTimeout(() => proxy.cutConnections(), 100)
  expect(new Set(await Promise.all(others))).toEqual(new Set(['outage']))
  expect(['answered', 'outage']).toContain(await told)
  redis.disconnect()
})
