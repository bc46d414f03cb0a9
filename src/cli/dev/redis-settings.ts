// How the Redis server of `tycho dev` is set up: nothing acknowledged is lost with its process, and no other user of
// the machine gets in.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'

/** `text` is a redis.conf. */
export type RedisSettings = { url: string; text: string }

export async function createRedisSettings(folder: string): Promise<RedisSettings> {
  const port = await findFreePort()
  const password = randomBytes(24).toString('hex')
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    // Redis reads quoted strings with the escapes that JSON writes.
    `dir ${JSON.stringify(folder)}`,
    'save ""',
    'appendonly yes',
    'appendfsync everysec',
    'maxmemory-policy noeviction',
    'loglevel warning',
  ]
  return { url: `redis://:${password}@127.0.0.1:${port}`, text: `${lines.join('\n')}\n` }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
