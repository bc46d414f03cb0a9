// A real Redis for the tests: one server per run, a private key prefix per test.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomInt, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { inject } from 'vitest'

export type RedisServer = AsyncDisposable & {
  url: string
  port: number
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>
  /** Such as SIGSTOP, which pauses it, and SIGCONT. */
  signal(signal: NodeJS.Signals): void
}

/** Starts a Redis (or Valkey) server on a free loopback port. `appendonly` keeps its data in `dir` across restarts. */
export async function startRedis(options: { port?: number; dir?: string } = {}): Promise<RedisServer> {
  const port = options.port ?? (await freePort())
  const dir = options.dir ?? mkdtempSync(join(tmpdir(), 'tycho-redis-'))
  const child = spawn(
    serverBinary(),
    [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--dir',
      dir,
      '--save',
      '',
      '--maxmemory-policy',
      'noeviction',
    ].concat(options.dir ? ['--appendonly', 'yes'] : []),
    { stdio: 'ignore' },
  )
  const url = `redis://127.0.0.1:${port}`
  await answersPing(url, child)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      child.kill(signal)
      await exited
    }
  }
  return {
    url,
    port,
    kill: () => end('SIGKILL'),
    signal: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      await end('SIGTERM')
      if (!options.dir) rmSync(dir, { recursive: true, force: true })
    },
  }
}

function serverBinary(): string {
  for (const name of ['redis-server', 'valkey-server']) {
    if (spawnSync(name, ['--version']).status === 0) return name
  }
  throw new Error('no redis-server or valkey-server on the path: `npm test` installs one on Debian')
}

async function answersPing(url: string, child: ChildProcess): Promise<void> {
  const redis = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: null, lazyConnect: true })
  redis.on('error', () => {})
  const exited = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`the Redis server exited with ${code}`))),
  )
  exited.catch(() => {})
  redis.connect().catch(() => {})
  try {
    await Promise.race([redis.ping(), exited])
  } finally {
    redis.disconnect()
  }
}

/**
 * A free port for a server that is to come back on it. The kernel takes those for outgoing connections from 32768 on:
 * one of them might be taken meanwhile, even by a client that tries to reach the server that is away.
 */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = await freePort(randomInt(10_000, 30_000)).catch(() => null)
    if (port !== null) return port
  }
}

/** `wanted`: this one, or an error. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}

export type RedisCorner = AsyncDisposable & { url: string; prefix: string; redis: Redis }

/** A connection with a prefix of its own on the run's server; disposing it deletes every key below the prefix. */
export function redisCorner(): RedisCorner {
  const url = inject('redisUrl')
  const prefix = `{test-${randomUUID().slice(0, 8)}}`
  const redis = new Redis(url, { maxRetriesPerRequest: null })
  return {
    url,
    prefix,
    redis,
    async [Symbol.asyncDispose]() {
      await forgetAll({ redis, prefix })
      await redis.quit()
    },
  }
}

/** Deletes every key below the prefix, as a server does that has lost its data. */
export async function forgetAll({ redis, prefix }: Pick<RedisCorner, 'redis' | 'prefix'>): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...keys)
  }
}

declare module 'vitest' {
  interface ProvidedContext {
    redisUrl: string
  }
}
