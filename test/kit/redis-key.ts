/** What stands under a key of Redis, of whatever type it is; null where nothing does. */
import type { Redis } from 'ioredis'

export async function readKey(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key)
  switch (type) {
    case 'string':
      return redis.get(key)
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1', 'WITHSCORES')
    case 'stream':
      return redis.xrange(key, '-', '+')
    // It was used up meanwhile.
    case 'none':
      return null
    default:
      throw new Error(`${key} is a ${type}, which is not read`)
  }
}
